"""tls_alert: seven bytes answer the client's hello, and then the connection is closed in order."""

import ssl

import pytest

from tests.fake_servers.proofs.probe import SILENCE_S, connect, receive
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

# fmt: off
ALERTS = {  # RFC 8446, appendix B.2, and what OpenSSL calls them
    "handshake_failure": (40, ("SSLV3_ALERT_HANDSHAKE_FAILURE", "SSL/TLS_ALERT_HANDSHAKE_FAILURE")),
    "access_denied":     (49, ("TLSV1_ALERT_ACCESS_DENIED",)),
    "protocol_version":  (70, ("TLSV1_ALERT_PROTOCOL_VERSION",)),
    "internal_error":    (80, ("TLSV1_ALERT_INTERNAL_ERROR",)),
    "unrecognized_name": (112, ("TLSV1_UNRECOGNIZED_NAME",)),
}
# fmt: on


@with_or_without
@pytest.mark.parametrize("alert", ALERTS)
def test_a_client_of_tls_is_told_which_alert_came(alert: str, with_fault: bool) -> None:
    with serving(*[early_line("tls_alert", {"alert": alert})] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLError) as failed:
                ask_clearkey(served)
            assert failed.value.reason in ALERTS[alert][1]
        assert ask_clearkey(served).status == 200


@pytest.mark.parametrize("alert", ALERTS)
def test_the_alert_waits_for_the_clients_hello_and_is_the_servers_only_word(alert: str) -> None:
    line = early_line("tls_alert", {"alert": alert})
    with serving(line, tls=True) as served, connect(served.license_url.replace("https", "http")) as sock:
        assert receive(sock, SILENCE_S).ending == "silence"
        sock.sendall(b"\x16\x03\x01")  # the first bytes of any ClientHello
        met = receive(sock)
    assert (met.data, met.ending) == (bytes((21, 3, 3, 0, 2, 2, ALERTS[alert][0])), "fin")

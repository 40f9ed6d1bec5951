"""certificate_changed: another certificate with another key, just as good."""

import socket
import ssl
from urllib.parse import urlsplit

from tests.fake_servers.proofs.probe import PATIENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import Served, early_line, serving, with_or_without


def certificate_shown(served: Served) -> bytes | None:
    """DER, after a handshake of a client that verifies it."""
    parts = urlsplit(served.license_url)
    trusting = ssl.create_default_context(cadata=served.trust)
    with (
        socket.create_connection((parts.hostname, parts.port), timeout=PATIENCE_S) as sock,
        trusting.wrap_socket(sock, server_hostname=parts.hostname) as tls,
    ):
        return tls.getpeercert(binary_form=True)


@with_or_without
def test_two_handshakes_show_two_certificates_and_both_are_trusted(with_fault: bool) -> None:
    with serving(*[early_line("certificate_changed", connection=2)] if with_fault else (), tls=True) as served:
        first, second, third = (certificate_shown(served) for _ in range(3))
    assert (first == second) is not with_fault
    assert first == third


def test_who_goes_by_the_authority_is_served() -> None:
    with serving(early_line("certificate_changed"), tls=True) as served:
        assert ask_clearkey(served).status == 200

"""handshake_cut: the client has said hello, and meets a reset."""

import pytest

from tests.fake_servers.proofs.probe import SILENCE_S, connect, receive
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without


@with_or_without
def test_the_handshake_ends_in_a_reset(with_fault: bool) -> None:
    with serving(*[early_line("handshake_cut")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ConnectionResetError):
                ask_clearkey(served)
        assert ask_clearkey(served).status == 200


def test_the_reset_waits_for_the_clients_hello() -> None:
    with serving(early_line("handshake_cut"), tls=True) as served, connect(served.license_url.replace("https", "http")) as sock:
        assert receive(sock, SILENCE_S).ending == "silence"
        sock.sendall(b"\x16\x03\x01")  # the first bytes of any ClientHello
        met = receive(sock)
    assert (met.data, met.ending) == (b"", "reset")

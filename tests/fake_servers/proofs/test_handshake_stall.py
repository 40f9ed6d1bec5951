"""handshake_stall: what of the server's first two flights comes before the pause, and that all comes after it."""

import socket
import ssl
import time
from urllib.parse import urlsplit

import pytest

from tests.fake_servers.proofs.probe import PATIENCE_S, SILENCE_S
from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import Served, early_line, serving, with_or_without

HANDSHAKE, SERVER_HELLO = 22, 2
"""RFC 8446, 5.1 and 4: a record's type, and a message's."""


def flights(served: Served, patience_s: float) -> tuple[list[bytes], bool]:
    """What the server said, one entry for each time that it was waited for, and whether the handshake came to its end."""
    parts = urlsplit(served.license_url)
    came, goes = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = ssl.create_default_context(cadata=served.trust).wrap_bio(came, goes, server_hostname=parts.hostname)
    said: list[bytes] = []
    with socket.create_connection((parts.hostname, parts.port), timeout=patience_s) as sock:
        while True:
            try:
                tls.do_handshake()
            except ssl.SSLWantReadError:
                sock.sendall(goes.read())
                try:
                    said.append(sock.recv(65_536))
                except TimeoutError:
                    return said, False
                came.write(said[-1])
            else:
                return said, True


def records(data: bytes) -> int:
    """How many whole TLS records these are."""
    count = 0
    while data:
        data = data[5 + int.from_bytes(data[3:5], "big") :]
        count += 1
    return count


@with_or_without
@pytest.mark.parametrize("before", ["hello", "certificate", "finished"])
def test_what_comes_before_the_pause_and_not_a_byte_more(before: str, with_fault: bool) -> None:
    lines = [early_line("handshake_stall", {"before": before, "stall": "1 min"})] if with_fault else ()
    with serving(*lines, tls=True) as served:
        said, is_through = flights(served, SILENCE_S if with_fault else PATIENCE_S)
        assert is_through is not with_fault
        if with_fault and before == "hello":
            assert said == []
        elif with_fault and before == "certificate":
            assert records(b"".join(said)) == 1
            assert (said[0][0], said[0][5]) == (HANDSHAKE, SERVER_HELLO)
        else:
            assert records(b"".join(said)) > 1
        assert ask_clearkey(served).status == 200


@pytest.mark.parametrize("before", ["hello", "certificate", "finished"])
def test_after_the_pause_and_not_before_the_handshake_goes_on(before: str) -> None:
    with serving(early_line("handshake_stall", {"before": before, "stall": "200 ms"}), tls=True) as served:
        began_s = time.monotonic()
        assert ask_clearkey(served).status == 200
        assert time.monotonic() - began_s >= 0.2

"""bad_gzip: called packed, and cannot be unpacked."""

import gzip
import zlib

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("kind", ["not_packed", "torn", "checksum"])
def test_the_body_is_called_packed_and_does_not_unpack(kind: str, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("bad_gzip", kind=kind)] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole) == (200, True)
    assert (received.headers.get("content-encoding") == "gzip") is with_fault
    if not with_fault:
        assert received.body == honest
        return
    with pytest.raises((gzip.BadGzipFile, EOFError)):
        gzip.decompress(received.body)
    if kind == "not_packed":
        assert received.body == honest
    else:
        unpacked = zlib.decompressobj(-zlib.MAX_WBITS).decompress(received.body[10:])  # past gzip's own head, RFC 1952, 2.3
        assert (unpacked == honest) is (kind == "checksum")
        assert honest.startswith(unpacked)

"""bad_chunk: chunks that do not add up to a body."""

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize("kind", ["size", "no_end"])
def test_the_chunks_break_off_or_never_end(kind: str, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("bad_chunk", kind=kind)] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.ending) == (200, "fin")
    assert (received.headers.get("transfer-encoding") == "chunked") is with_fault
    if not with_fault:
        assert received.body == honest
        return
    read, problem = unchunked(received.body)
    assert (read, problem) == ((honest[: len(honest) // 2], "b'many' is no size") if kind == "size" else (honest, "no end"))


def unchunked(data: bytes) -> tuple[bytes, str]:
    """What RFC 9112, 7.1 makes of it, and what is wrong with it."""
    read = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        try:
            length = int(size, 16)
        except ValueError:
            return read, f"{size!r} is no size"
        if length == 0:
            return read, ""
        read, data = read + data[:length], data[length + 2 :]
    return read, "no end"

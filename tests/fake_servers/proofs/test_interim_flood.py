"""interim_flood: one interim reply after the other, then the honest one."""

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
@pytest.mark.parametrize(("status", "count"), [(100, 1), (103, 50)])
def test_interim_replies_come_before_the_reply(status: int, count: int, tls: bool, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    lines = [line("interim_flood", status=status, count=count)]
    with serving(*lines if with_fault else (), tls=tls) as served:
        received = ask_clearkey(served)
    heads = [head for head in received.data.split(b"\r\n\r\n") if head.startswith(b"HTTP/1.1 ")]
    interim = [head for head in heads if head.startswith(f"HTTP/1.1 {status} ".encode())]
    assert len(interim) == (count if with_fault else 0)
    assert heads[-1].startswith(b"HTTP/1.1 200 OK\r\n")
    assert (len(heads) - len(interim), received.data.endswith(honest)) == (1, True)

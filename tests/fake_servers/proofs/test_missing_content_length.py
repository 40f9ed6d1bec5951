"""missing_content_length: the body ends where the connection does."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
def test_no_length_is_announced_and_the_body_is_whole(tls: bool, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("missing_content_length")] if with_fault else (), tls=tls) as served:
        received = ask_clearkey(served)
    assert (received.status, received.body, received.ending) == (200, honest, "fin")
    assert ("content-length" in received.headers) is not with_fault
    assert "transfer-encoding" not in received.headers

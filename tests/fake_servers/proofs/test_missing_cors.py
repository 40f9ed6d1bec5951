"""missing_cors: the honest reply without the headers that let a page read it."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_nothing_but_the_permission_is_missing(with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("missing_cors")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole, received.body) == (200, True, honest)
    assert any(name.startswith("access-control-") for name in received.headers) is not with_fault
    assert received.headers["content-type"] == "application/json"

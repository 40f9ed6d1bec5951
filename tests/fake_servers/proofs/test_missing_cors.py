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


@with_or_without
def test_on_errors_only_errors_lack_it(with_fault: bool) -> None:
    lines = [line("missing_cors", on="errors"), line("missing_cors", on="errors", nth=2)]
    broken = line("status", status=503)
    with serving(broken, *lines if with_fault else ()) as served:
        error, honest = ask_clearkey(served), ask_clearkey(served)
    assert (error.status, honest.status) == (503, 200)
    assert any(name.startswith("access-control-") for name in error.headers) is not with_fault
    assert any(name.startswith("access-control-") for name in honest.headers)

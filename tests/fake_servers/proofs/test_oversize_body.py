"""oversize_body: an honest head, and more body than anyone asked for."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_body_goes_on_to_its_size(with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("oversize_body", size="5 MB")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole, received.ending) == (200, True, "fin")
    assert received.headers["content-type"] == "application/json"
    assert len(received.body) == (5_000_000 if with_fault else len(honest))
    assert received.body.rstrip(b"\0") == honest

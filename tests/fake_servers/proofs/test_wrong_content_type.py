"""wrong_content_type: another type in the head, the honest body below it."""

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_only_the_type_is_wrong(with_fault: bool) -> None:
    honest = honest_reply()
    with serving(*[line("wrong_content_type", content_type="image/png")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole) == (200, True)
    assert received.body == honest.partition(b"\r\n\r\n")[2]
    assert received.headers["content-type"] == ("image/png" if with_fault else "application/json")

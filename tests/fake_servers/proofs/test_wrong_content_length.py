"""wrong_content_length: the body is honest, and the head counts it wrong."""

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, over_both, serving, with_or_without


@with_or_without
@over_both
@pytest.mark.parametrize(("kind", "differs"), [("more", 10), ("less", -10)])
def test_the_head_announces_another_length(kind: str, differs: int, tls: bool, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    lines = [line("wrong_content_length", kind=kind, by="10 bytes")]
    with serving(*lines if with_fault else (), tls=tls) as served:
        received = ask_clearkey(served)
    assert (received.status, received.body, received.ending) == (200, honest, "fin")
    assert int(received.headers["content-length"]) - len(honest) == (differs if with_fault else 0)

"""gzip_bomb: a thousandth of what it unpacks to crosses the wire."""

import gzip

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
def test_the_body_unpacks_to_its_size(with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("gzip_bomb", size="5 MB")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole, received.ending) == (200, True, "fin")
    assert (received.headers.get("content-encoding") == "gzip") is with_fault
    body = gzip.decompress(received.body) if with_fault else received.body
    assert len(body) == (5_000_000 if with_fault else len(honest))
    assert body.rstrip(b"\0") == honest
    assert len(received.body) < 10_000

"""skewed_date: the honest reply, dated wrong."""

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey, honest_reply
from tests.fake_servers.proofs.serving import line, serving, with_or_without


@with_or_without
@pytest.mark.parametrize(
    ("direction", "date"), [("ahead", "Thu, 01 Jan 2026 02:00:00 GMT"), ("behind", "Wed, 31 Dec 2025 22:00:00 GMT")]
)
def test_nothing_but_the_date_is_wrong(direction: str, date: str, with_fault: bool) -> None:
    honest = honest_reply().partition(b"\r\n\r\n")[2]
    with serving(*[line("skewed_date", direction=direction, by="2 h")] if with_fault else ()) as served:
        received = ask_clearkey(served)
    assert (received.status, received.is_whole, received.body) == (200, True, honest)
    assert received.headers["date"] == (date if with_fault else "Thu, 01 Jan 2026 00:00:00 GMT")

"""odd_retry_after: a pause is asked for that is none."""

import pytest

from tests.fake_servers.proofs.requests import ask_wmdrm, service_acted_on
from tests.fake_servers.proofs.serving import line, serving, with_or_without

# fmt: off
HEADERS = {
    "zero":     "0",
    "past":     "Wed, 31 Dec 2025 23:00:00 GMT",  # an hour before the stopped clock
    "negative": "-5",
    "fraction": "1.5",
    "huge":     "999999999999999999999999999999",
    "junk":     "soon",
    "empty":    "",
}
# fmt: on


@with_or_without
@pytest.mark.parametrize("value", sorted(HEADERS))
def test_the_header_makes_no_sense(value: str, with_fault: bool) -> None:
    lines = [line("odd_retry_after", status=429, value=value)]
    with serving(*lines if with_fault else (), dialect="wmdrm") as served:
        received = ask_wmdrm(served, "n-1")
        assert received.is_whole
        expected = (429, HEADERS[value]) if with_fault else (200, None)
        assert (received.status, received.headers.get("retry-after")) == expected
        assert service_acted_on(served, "n-1") is not with_fault

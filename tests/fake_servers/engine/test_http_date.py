"""HTTP dates, and the two forms of Retry-After."""

import pytest

from fake_servers.engine.http_date import http_date, retry_after_s

EPOCH_S = 784_111_777  # of the example in RFC 9110, 5.6.7
TEXT = "Sun, 06 Nov 1994 08:49:37 GMT"


def test_a_date_is_written_as_the_rfc_writes_it() -> None:
    assert http_date(EPOCH_S + 0.9) == TEXT


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120.0),
        (" 0 ", 0.0),
        (TEXT, 30.0),
        ("Sun, 06 Nov 1994 08:49:00 GMT", 0.0),  # in the past: come at once
        ("soon", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),  # a decimal digit, but none of HTTP's
        ("", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, seconds: float | None) -> None:
    assert retry_after_s(value, EPOCH_S - 30) == seconds

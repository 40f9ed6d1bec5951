"""HTTP dates, made from a clock that is passed in, and the two forms of ``Retry-After`` (RFC 9110, 5.6.7 and 10.2.3)."""

from __future__ import annotations

from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache


@lru_cache(maxsize=8)
def _of_second(second: int) -> str:
    return formatdate(second, usegmt=True)


def http_date(epoch_s: float) -> str:
    """``Sun, 06 Nov 1994 08:49:37 GMT``; fractions of a second are dropped, as the format has none."""
    return _of_second(int(epoch_s))


def retry_after_s(value: str, now_epoch_s: float) -> float | None:
    """Seconds that a ``Retry-After`` asks for, whatever its form; never negative, None if it is neither form."""
    value = value.strip()
    if value.isdecimal() and value.isascii():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - now_epoch_s)
    except ValueError:
        return None

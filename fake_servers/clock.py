"""The only place of the fake servers that may ask the wall clock."""

from __future__ import annotations

import time
from typing import Protocol


class Clock(Protocol):
    """The date, as a service knows it. Durations come from the event loop, not from here."""

    def epoch_s(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        ...


class SystemClock:
    """The machine's own date."""

    def epoch_s(self) -> float:
        """Seconds since 1970-01-01 UTC."""
        return time.time()


SYSTEM_CLOCK = SystemClock()

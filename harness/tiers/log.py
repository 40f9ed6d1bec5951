"""What happened, as notes that cost next to nothing; the trace's entries are made of them when somebody asks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_servers.journal import Event
from harness.trace.entry import Entry, Seen

Makes = Callable[..., Event | Seen]


class Log:
    """Notes in one order, each with its moment; times count from ``begin``, in whole microseconds once they are entries.

    Attributes:
        notes: The moment, what makes the event, and of what.
    """

    def __init__(self, now: Callable[[], float]) -> None:
        self.notes: list[tuple[float, Makes, tuple[Any, ...]]] = []
        self._now = now
        self._zero_s: float | None = None

    def begin(self) -> None:
        """Time zero is now."""
        self._zero_s = self._now()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began; 0 before that."""
        return 0.0 if self._zero_s is None else self._now() - self._zero_s

    def note(self, makes: Makes, *of: Any) -> None:
        """Note what happens now. ``of`` must not change any more."""
        self.notes.append((self._now(), makes, of))

    def entries(self) -> tuple[Entry, ...]:
        """The notes as entries."""
        zero_s = self._zero_s or 0.0
        return tuple(
            Entry(n=n, at=max(0.0, round(at - zero_s, 6)), what=makes(*of)) for n, (at, makes, of) in enumerate(self.notes)
        )

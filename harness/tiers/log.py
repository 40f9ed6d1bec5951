"""What happened, as notes that cost next to nothing; the trace's entries are made of them when somebody asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol, cast

from fake_servers.journal import Event
from harness.trace.entry import Entry, Seen, What

Makes = Callable[..., Event | Seen]
"""From the moment, as the entry will have it, and whatever else was noted, to the event."""


class HasNow(Protocol):
    """A clock to note by."""

    @property
    def now(self) -> float: ...


class Log:
    """Notes in one order, each with its moment; times count from ``begin``, in whole microseconds once they are entries.

    Attributes:
        notes: The moment, what makes the event, and of what.
    """

    def __init__(self, time: HasNow) -> None:
        self.notes: list[tuple[float, Makes, tuple[Any, ...]]] = []
        self._time = time
        self._zero_s: float | None = None

    def begin(self) -> None:
        """Time zero is now."""
        self._zero_s = self._time.now

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began; 0 before that."""
        return 0.0 if self._zero_s is None else self._time.now - self._zero_s

    def note(self, makes: Makes, *of: Any) -> None:
        """Note what happens now. ``of`` must not change any more."""
        self.notes.append((self._time.now, makes, of))

    def entries(self) -> tuple[Entry, ...]:
        """The notes as entries."""
        return tuple(self._entries())

    def _entries(self) -> Iterator[Entry]:
        zero_s = self._zero_s or 0.0
        for n, (moment, makes, of) in enumerate(self.notes):
            at = max(0.0, round(moment - zero_s, 6))
            yield Entry(n=n, at=at, what=cast("What", makes(at, *of)))

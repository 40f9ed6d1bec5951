"""Everything that happens becomes a trace entry, in one order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from fake_servers.journal import Event
from harness.trace.entry import Entry, RunEnded, Seen, What

Watcher = Callable[[Entry], None]


class Recorder:
    """Stamps and keeps entries; times count from ``begin`` on the loop's clock, in whole microseconds.

    Watchers see each entry as it is made (the user, a live log). A watcher must not record.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self._loop = loop
        self._zero_s: float | None = None
        self._is_over = False
        self.entries: list[Entry] = []
        self.watchers: list[Watcher] = []

    def begin(self) -> None:
        """Time zero is now."""
        self._zero_s = self._loop.time()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began; 0 before that."""
        return 0.0 if self._zero_s is None else self._loop.time() - self._zero_s

    def record(self, what: Seen | Event) -> Entry:
        """Add an entry, unless the run has ended: closing the world is no part of it."""
        entry = Entry(n=len(self.entries), at=round(self.elapsed_s, 6), what=cast("What", what))
        if self._is_over:
            return entry
        self._is_over = isinstance(what, RunEnded)
        self.entries.append(entry)
        for watcher in self.watchers:
            watcher(entry)
        return entry

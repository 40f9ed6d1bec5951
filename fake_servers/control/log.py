"""The newest events of each session, numbered over all of them; what grew too old is forgotten and counted.

A reader keeps the number of the last event that it has seen and asks for what came after it, so readers cost nothing here,
however slow they are: one that is too slow finds a gap.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Iterator
from typing import NamedTuple

from fake_servers.journal import Event

DEFAULT_LIMIT = 5000
"""Events held of a session: some megabytes."""

DEPARTED = 8
"""Sessions whose events can still be read after they were closed: a reader may not have come to their last ones yet."""


class Entry(NamedTuple):
    """One event.

    Attributes:
        number: From 1, over all sessions, without gaps.
        at_s: On the event loop's clock.
        run: Of the session, from 1: a reset or a new script begins the next one, and with it all other counts.
    """

    number: int
    at_s: float
    session: str
    run: int
    event: Event


class Ring:
    """The newest events of one session.

    Attributes:
        heard: Events in all.
        lost: Number of the newest event that is not held any more; 0 if all are.
    """

    def __init__(self, limit: int) -> None:
        self.entries: deque[Entry] = deque(maxlen=limit)
        self.heard = 0
        self.lost = 0

    def add(self, entry: Entry) -> None:
        """One more; the oldest may have to go."""
        entries = self.entries
        if len(entries) == entries.maxlen:
            self.lost = entries[0].number
        entries.append(entry)
        self.heard += 1

    @property
    def dropped(self) -> int:
        """Events that are not held any more."""
        return self.heard - len(self.entries)

    def after(self, number: int) -> list[Entry]:
        """What is held of later events, oldest first."""
        found = []
        for entry in reversed(self.entries):
            if entry.number <= number:
                break
            found.append(entry)
        found.reverse()
        return found


class Log:
    """A ring for each session, and who waits for news.

    Args:
        limit: Events held of each session.
    """

    def __init__(self, limit: int = DEFAULT_LIMIT) -> None:
        self.newest = 0
        self.limit = limit
        self._rings: dict[str, Ring] = {}
        self._departed: deque[tuple[str, Ring]] = deque()
        self._lost = 0  # number of the newest event of departed sessions that is not held any more
        self._waiting: dict[asyncio.Event, None] = {}

    def open(self, session: str) -> Ring:
        """A ring for a new session."""
        ring = self._rings[session] = Ring(self.limit)
        return ring

    def close(self, session: str) -> None:
        """The session is gone; what was held of it, can be had until more sessions are."""
        self._departed.append((session, self._rings.pop(session)))
        if len(self._departed) > DEPARTED:
            _, ring = self._departed.popleft()
            self._lost = max(self._lost, ring.entries[-1].number if ring.entries else ring.lost)

    def add(self, ring: Ring, session: str, run: int, at_s: float, event: Event) -> None:
        """One more event. On the way of every request: it must stay cheap."""
        self.newest += 1
        ring.add(Entry(self.newest, at_s, session, run, event))
        if self._waiting:
            for news in self._waiting:
                news.set()

    def after(self, number: int, session: str | None = None) -> Iterator[Entry]:
        """What is held of later events, of one session or of all, in order."""
        return heapq.merge(*(ring.after(number) for ring in self._of(session)))

    def has_lost(self, number: int, session: str | None = None) -> bool:
        """Whether later events than this one are not held any more."""
        return max(self._lost, *(ring.lost for ring in self._of(session)), 0) > number

    def _of(self, session: str | None) -> list[Ring]:
        every = [*self._departed, *self._rings.items()]
        return [ring for name, ring in every if session is None or name == session]

    def await_news(self) -> asyncio.Event:
        """An event that is set with each further entry, until ``forget``."""
        news = asyncio.Event()
        self._waiting[news] = None
        return news

    def forget(self, news: asyncio.Event) -> None:
        """Nobody waits on it any more."""
        self._waiting.pop(news, None)

    def wake(self) -> None:
        """Let everybody look who waits."""
        for news in self._waiting:
            news.set()

    @property
    def readers(self) -> int:
        """Who wait for news."""
        return len(self._waiting)

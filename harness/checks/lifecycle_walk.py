"""Walks an operation's table along what a client reported: is there any path that says exactly this?

A client need not report every phase: a row whose phase it does not promise to report may be taken unheard, and so may a row
that says nothing. Only the user opens a round, so the rows of ``start`` and ``retry`` are taken when the user acts, never else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

from harness.operations.lifecycle import Lifecycle, Row
from harness.status.phase import Phase

OPENING = ("start", "retry")


class LifecycleWalk:
    """The states in which a client may be, by all that it has said so far.

    Args:
        reports: Whether the client promises to say a phase.
    """

    def __init__(self, lifecycle: Lifecycle, reports: Callable[[Phase], bool]) -> None:
        self._lifecycle = lifecycle
        self._reports = reports
        self._states = frozenset({lifecycle.initial})
        self._opened: tuple[Row, ...] = ()
        self._reached: dict[frozenset[str], frozenset[str]] = {}

    def user_opens(self, trigger: str) -> None:
        """The user starts or retries. Where no row allows it, a client does right to ignore it: nothing changes."""
        states = self._reachable()
        if rows := tuple(row for row in self._lifecycle.rows if row.trigger == trigger and row.source in states):
            self._states, self._opened = frozenset(), rows

    def client_says(self, phase: Phase) -> bool:
        """Take every row that says this phase; False, and nothing changes, if there is none."""
        rows = [row for row in self._next() if row.says is phase]
        if rows:
            self._states, self._opened = frozenset(row.destination for row in rows), ()
        return bool(rows)

    def possible(self) -> tuple[Phase, ...]:
        """What the client could say next, in the order of the table."""
        return tuple(dict.fromkeys(row.says for row in self._next() if row.says is not None))

    def _next(self) -> list[Row]:
        states = self._reachable()
        return [*self._opened, *(row for row in self._lifecycle.rows if row.source in states and row.trigger not in OPENING)]

    def _reachable(self) -> frozenset[str]:
        """Every state that can be reached unheard. A walk comes back to the same states again and again."""
        if self._opened:
            return self._reach()
        if self._states not in self._reached:
            self._reached[self._states] = self._reach()
        return self._reached[self._states]

    def _reach(self) -> frozenset[str]:
        reached = set(self._states) | {row.destination for row in self._unheard(self._opened)}
        front = list(reached)
        while front:
            leaving = (row for row in self._lifecycle.rows_from[front.pop()] if row.trigger not in OPENING)
            for row in self._unheard(leaving):
                if row.destination not in reached:
                    reached.add(row.destination)
                    front.append(row.destination)
        return frozenset(reached)

    def _unheard(self, rows: Iterable[Row]) -> list[Row]:
        return [row for row in rows if row.says is None or not self._reports(row.says)]

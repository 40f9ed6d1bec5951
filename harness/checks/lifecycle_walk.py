"""Walks an operation's table along what a client reported: is there any path that says exactly this?

A client need not report every phase: a row whose phase it does not promise to report may be taken unheard, and so may a row
that says nothing. Only the user opens a round, so the rows of ``start`` and ``retry`` are taken when the user acts, never else.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property, lru_cache

from harness.operations.lifecycle import Lifecycle, Row
from harness.status.phase import Phase

OPENING = ("start", "retry")


class LifecycleWalk:
    """Where a client may be, by all that it has said so far.

    Args:
        silent: The phases that the client does not promise to say.
    """

    def __init__(self, lifecycle: Lifecycle, silent: frozenset[Phase]) -> None:
        self._standing = _first_standing(lifecycle, silent)

    def user_opens(self, trigger: str) -> None:
        """The user starts or retries. Where no row allows it, a client does right to ignore it: nothing changes."""
        self._standing = self._standing.opened_by(trigger)

    def client_says(self, phase: Phase) -> bool:
        """Take every row that says this phase; False, and nothing changes, if there is none."""
        standing = self._standing.after(phase)
        if standing is None:
            return False
        self._standing = standing
        return True

    def allows(self, trigger: str) -> bool:
        """Whether a row for this trigger leaves a state in which the client may be."""
        return self._standing.opened_by(trigger) is not self._standing

    def possible(self) -> tuple[Phase, ...]:
        """What the client could say next, in the order of the table."""
        return tuple(dict.fromkeys(row.says for row in self._standing.next if row.says is not None))


@lru_cache(maxsize=256)
def _first_standing(lifecycle: Lifecycle, silent: frozenset[Phase]) -> Standing:
    return _Standings(lifecycle, silent).of(frozenset({lifecycle.initial}))


class _Standings:
    """Every standing that came up so far with one table and one promise: the same walks are made again and again."""

    def __init__(self, lifecycle: Lifecycle, silent: frozenset[Phase]) -> None:
        self.lifecycle = lifecycle
        self._silent = silent
        self._known: dict[tuple[frozenset[str], tuple[Row, ...]], Standing] = {}

    def of(self, states: frozenset[str], opened: tuple[Row, ...] = ()) -> Standing:
        """The standing in one of these states, or on one of these rows that the user has opened."""
        return self._known.setdefault((states, opened), Standing(self, states, opened))

    def unheard(self, rows: Iterable[Row]) -> list[Row]:
        """Those that may be taken without a word."""
        return [row for row in rows if row.says is None or row.says in self._silent]


class Standing:
    """States in which a client may be, and where each word leads from there; worked out once, when first asked for."""

    def __init__(self, among: _Standings, states: frozenset[str], opened: tuple[Row, ...]) -> None:
        self._among = among
        self._states = states
        self._opened = opened
        self._after: dict[Phase, Standing | None] = {}
        self._opened_by: dict[str, Standing] = {}

    def after(self, phase: Phase) -> Standing | None:
        """The standing once the client has said this; None if it may not."""
        if phase not in self._after:
            destinations = frozenset(row.destination for row in self.next if row.says is phase)
            self._after[phase] = self._among.of(destinations) if destinations else None
        return self._after[phase]

    def opened_by(self, trigger: str) -> Standing:
        """The standing once the user has done this; the same if no row allows it."""
        if trigger not in self._opened_by:
            rows = tuple(row for row in self._among.lifecycle.rows if row.trigger == trigger and row.source in self._reachable)
            self._opened_by[trigger] = self._among.of(frozenset(), rows) if rows else self
        return self._opened_by[trigger]

    @cached_property
    def next(self) -> tuple[Row, ...]:
        """The rows that the client may take next."""
        rows = self._among.lifecycle.rows
        return (*self._opened, *(row for row in rows if row.source in self._reachable and row.trigger not in OPENING))

    @cached_property
    def _reachable(self) -> frozenset[str]:
        """Every state that can be reached unheard."""
        reached = set(self._states) | {row.destination for row in self._among.unheard(self._opened)}
        front = list(reached)
        while front:
            leaving = (row for row in self._among.lifecycle.rows_from[front.pop()] if row.trigger not in OPENING)
            for row in self._among.unheard(leaving):
                if row.destination not in reached:
                    reached.add(row.destination)
                    front.append(row.destination)
        return frozenset(reached)

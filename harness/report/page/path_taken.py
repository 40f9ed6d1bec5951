"""The way through an operation's table that a client's words tell of: the shortest that says exactly these, in this order.

Several ways may say the same; the shortest is a witness, not a claim of what went on within. Where no way says it, the path
ends, and what could have been said is told instead.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from harness.checks.lifecycle_walk import OPENING
from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row
from harness.status.phase import Phase
from harness.trace.entry import Entry, StatusReported, UserActed
from harness.trace.trace import Trace


@dataclass(frozen=True, slots=True)
class Step:
    """One row that was taken; ``entry`` is the word that told of it, None where it was taken unheard."""

    row: Row
    entry: Entry | None


@dataclass(frozen=True, slots=True)
class PathTaken:
    """A way through the table.

    Attributes:
        steps: The rows, in order.
        left_by: The word that no way explains; None if all are explained.
        possible: What the client could have said instead.
    """

    lifecycle: Lifecycle
    steps: tuple[Step, ...]
    left_by: Entry | None = None
    possible: tuple[Phase, ...] = ()


def path_taken(trace: Trace) -> PathTaken | None:
    """The path that the statuses of a trace tell of; None for a client that reports none."""
    if not trace.statuses:
        return None
    lifecycle, silent = OPERATIONS[trace.head.scenario.operation], trace.profile.silent
    ways = [_Way(lifecycle.initial)]
    for entry in trace.entries:
        match entry.what:
            case UserActed(do="start" | "retry" as trigger):
                ways = [way.opened_by(trigger) for way in ways]
            case StatusReported(status=status):
                open_rows = [(way, row) for way in _unheard(lifecycle, ways, silent) for row in way.rows(lifecycle)]
                said = [way.on(row, entry) for way, row in open_rows if row.says is status.phase]
                if not said:
                    possible = tuple(dict.fromkeys(row.says for _, row in open_rows if row.says is not None))
                    return PathTaken(lifecycle, _shortest(ways).steps, entry, possible)
                ways = _best(said)
    return PathTaken(lifecycle, _shortest(ways).steps)


@dataclass(frozen=True, slots=True)
class _Way:
    """A way so far: where it has come to, its last step, and the way that led there.

    ``opening`` is what the user has done that no row has answered yet.
    """

    state: str
    opening: str = ""
    length: int = 0
    last: Step | None = None
    before: _Way | None = None

    def opened_by(self, trigger: str) -> _Way:
        return _Way(self.state, trigger, self.length, self.last, self.before)

    def rows(self, lifecycle: Lifecycle) -> Iterator[Row]:
        """Those that lead on: the user's own only once the user has acted."""
        return (row for row in lifecycle.rows_from[self.state] if row.trigger not in OPENING or row.trigger == self.opening)

    def on(self, row: Row, entry: Entry | None) -> _Way:
        opening = "" if row.trigger == self.opening else self.opening
        return _Way(row.destination, opening, self.length + 1, Step(row, entry), self)

    @property
    def steps(self) -> tuple[Step, ...]:
        """From the first to the last."""
        steps: list[Step] = []
        way: _Way | None = self
        while way is not None and way.last is not None:
            steps.append(way.last)
            way = way.before
        return tuple(reversed(steps))


def _unheard(lifecycle: Lifecycle, ways: Iterable[_Way], silent: frozenset[Phase]) -> list[_Way]:
    """The ways, and whatever they reach without a word."""
    reached = {(way.state, way.opening): way for way in ways}
    front = list(reached.values())
    while front:
        further = [
            way.on(row, None)
            for way in front
            for row in way.rows(lifecycle)
            if row.destination != row.source and (row.says is None or row.says in silent)
        ]
        front = [way for way in _best(further) if (way.state, way.opening) not in reached]
        reached.update({(way.state, way.opening): way for way in front})
    return list(reached.values())


def _best(ways: Iterable[_Way]) -> list[_Way]:
    """The shortest into each state; of equals the first, in the order of the table."""
    best: dict[tuple[str, str], _Way] = {}
    for way in sorted(ways, key=lambda way: way.length):
        best.setdefault((way.state, way.opening), way)
    return list(best.values())


def _shortest(ways: Iterable[_Way]) -> _Way:
    return min(ways, key=lambda way: way.length)

"""What a search has been through: states and rows of the table, faults and what the client made of them, each check's words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, cast

from fake_servers.journal import FaultFired
from harness.adapters.protocol import ClientUnderTest
from harness.checks.registry import Verdict
from harness.client.reference import ReferenceClient
from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row, Walker
from harness.status.operation import Operation
from harness.trace.entry import StatusReported
from harness.trace.trace import Trace

BEFORE = "(before)"
"""The word before a client's first one."""


class NotedWalker:
    """A walker that counts the rows it takes; everything else is the walker's within."""

    def __init__(self, within: Walker, taken: Counter[Row]) -> None:
        self.within = within
        self._taken = taken

    def fire(self, trigger: str) -> Row:
        row = self.within.fire(trigger)
        self._taken[row] += 1
        return row

    def __getattr__(self, name: str) -> Any:
        return getattr(self.within, name)


def noted(client: ReferenceClient, taken: Counter[Row], walks: Callable[[Lifecycle], Walker] = Walker) -> None:
    """Make the client count the rows that it takes, with a walker of this kind within."""
    client.walks = lambda lifecycle: cast("Walker", NotedWalker(walks(lifecycle), taken))


def noting(
    make: Callable[[], ClientUnderTest], taken: Counter[Row], walks: Callable[[Lifecycle], Walker] = Walker
) -> Callable[[], ClientUnderTest]:
    """Makes the same clients, which count their rows if they are built on our core."""

    def made() -> ClientUnderTest:
        client = make()
        inner = getattr(client, "wrapped", client)
        if isinstance(inner, ReferenceClient):
            noted(inner, taken, walks)
        return client

    return made


Step = tuple[str, str]
"""Two phases, one said right after the other."""


class Coverage:
    """Counted over many traces of one operation.

    Attributes:
        rows: How often each row was taken; empty for a client that is not built on our core.
        steps: How often the client said one phase right after another.
        fired: How often each fault fired, by its name and what it met: an exchange, or a service's connection.
        pairs: How often a fault was followed by another in the same run.
        met: How often a fault fired between two words of the client: the fault, and both words.
        checks: How often each check came to each ruling, by its id.
    """

    def __init__(self, operation: Operation) -> None:
        self.lifecycle: Lifecycle = OPERATIONS[operation]
        self.rows: Counter[Row] = Counter()
        self.steps: Counter[Step] = Counter()
        self.fired: Counter[tuple[str, str]] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.met: Counter[tuple[str, str, str]] = Counter()
        self.checks: Counter[tuple[str, str]] = Counter()
        self.histories = self.inconclusive = 0

    def add(self, trace: Trace, verdicts: Sequence[Verdict] = ()) -> None:
        """Count one run."""
        self.histories += 1
        if trace.end is not None and "unfired" in trace.end.fates:
            self.inconclusive += 1
        for verdict in verdicts:
            self.checks[verdict.check.id, verdict.ruling.value] += 1
        said, fault, pending = BEFORE, "", list[str]()
        for entry in trace.entries:
            if isinstance(entry.what, FaultFired):
                self.fired[entry.what.name, met_by(entry.what)] += 1
                if fault:
                    self.pairs[fault, entry.what.name] += 1
                fault = entry.what.name
                pending.append(fault)
            elif isinstance(entry.what, StatusReported):
                before, said = said, entry.what.status.phase.value
                self.steps[before, said] += 1
                for name in pending:
                    self.met[name, before, said] += 1
                pending.clear()

    @property
    def states(self) -> tuple[str, ...]:
        """The states that were entered, in the order of the table."""
        entered = {row.destination for row in self.rows} | {row.source for row in self.rows}
        return tuple(state for state in self.lifecycle.states if state in entered)

    def missed(self) -> Iterator[Row]:
        """The rows that were never taken, in the order of the table."""
        return (row for row in self.lifecycle.rows if row not in self.rows)

    @cached_property
    def possible_steps(self) -> frozenset[Step]:
        """Every two phases of which the table lets one follow right after the other."""
        return frozenset(_steps(self.lifecycle))

    @property
    def transitions(self) -> int:
        """How many different rows, steps, and faults between two steps; it grows with each that is new."""
        return len(self.rows) + len(self.steps) + len(self.met)

    @property
    def size(self) -> int:
        """How many different things were seen; it grows with each that is new."""
        return self.transitions + len(self.fired) + len(self.pairs) + len(self.checks)


def met_by(fired: FaultFired) -> str:
    """What a fault has met."""
    return fired.exchange or f"connection to {fired.service}"


@dataclass(frozen=True, slots=True)
class Goal:
    """What a search of one operation can reach at all.

    Attributes:
        transitions: Rows of the table, or steps between phases for a client that is not built on our core.
        meetings: Faults with what they can meet.
    """

    transitions: int
    meetings: int

    def share(self, coverage: Coverage) -> float:
        """How much of it was reached, 0 to 1."""
        steps = sum(step in coverage.possible_steps for step in coverage.steps)
        reached = len(coverage.rows) or steps
        return min(1.0, (min(reached, self.transitions) + min(len(coverage.fired), self.meetings)) / self.total)

    @property
    def total(self) -> int:
        """All of it."""
        return self.transitions + self.meetings


def _steps(lifecycle: Lifecycle) -> Iterator[Step]:
    for row in lifecycle.rows:
        if row.says is not None:
            if row.source == lifecycle.initial:
                yield BEFORE, row.says.value
            for after in _said_next(lifecycle, row.destination, frozenset()):
                yield row.says.value, after


def _said_next(lifecycle: Lifecycle, state: str, passed: frozenset[str]) -> Iterator[str]:
    for row in lifecycle.rows_from[state]:
        if row.says is not None:
            yield row.says.value
        elif row.destination not in passed:
            yield from _said_next(lifecycle, row.destination, passed | {state})

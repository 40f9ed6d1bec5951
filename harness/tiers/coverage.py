"""What a search has been through: rows of the operation's table, faults at exchanges, and which fault came after which."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any, cast

from fake_servers.journal import FaultFired
from harness.client.reference import ReferenceClient
from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row, Walker
from harness.status.operation import Operation
from harness.trace.trace import Trace


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


class Coverage:
    """Counted over many traces.

    Attributes:
        rows: How often each row was taken; empty for a client that is not built on our core.
        fired: How often each fault fired, by its name and what it met: an exchange, or a service's connection.
        pairs: How often a fault was followed by another in the same run.
    """

    def __init__(self, operation: Operation) -> None:
        self.lifecycle: Lifecycle = OPERATIONS[operation]
        self.rows: Counter[Row] = Counter()
        self.fired: Counter[tuple[str, str]] = Counter()
        self.pairs: Counter[tuple[str, str]] = Counter()
        self.histories = self.inconclusive = 0

    def add(self, trace: Trace) -> None:
        """Count one run."""
        self.histories += 1
        if trace.end is not None and "unfired" in trace.end.fates:
            self.inconclusive += 1
        before = ""
        for _, fired in trace.of(FaultFired):
            self.fired[fired.name, fired.exchange or f"connection to {fired.service}"] += 1
            if before:
                self.pairs[before, fired.name] += 1
            before = fired.name

    @property
    def states(self) -> tuple[str, ...]:
        """The states that were entered, in the order of the table."""
        entered = {row.destination for row in self.rows} | {row.source for row in self.rows}
        return tuple(state for state in self.lifecycle.states if state in entered)

    def missed(self) -> Iterator[Row]:
        """The rows that were never taken, in the order of the table."""
        return (row for row in self.lifecycle.rows if row not in self.rows)

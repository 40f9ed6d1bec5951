"""A walk along an operation's table without ``transitions``: one look-up a step."""

from __future__ import annotations

from collections.abc import Callable

from transitions import MachineError

from harness.client.reference import ReferenceClient
from harness.operations.lifecycle import Lifecycle, Row, Walker


class TableWalker(Walker):
    """Where an operation stands, moved by the compiled table. Allows and refuses what the declared machine does."""

    def __init__(self, lifecycle: Lifecycle) -> None:
        super().__init__(lifecycle)
        self._table, self._ends = lifecycle.table, lifecycle.ends

    def may(self, trigger: str) -> bool:
        return (self.state, trigger) in self._table

    def fire(self, trigger: str) -> Row:
        row = self._table.get((self.state, trigger))
        if row is None:
            raise MachineError(f"{self.lifecycle.operation} has no row for {trigger!r} in state {self.state!r}")
        self.state = row.destination
        return row

    @property
    def settled(self) -> bool:
        return self.state in self._ends


def walks_of(client: ReferenceClient) -> Callable[[Lifecycle], Walker]:
    """How a client walks on a tier of its own logic: along the compiled table, unless it has a walk of its own."""
    return TableWalker if client.walks is Walker else client.walks

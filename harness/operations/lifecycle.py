"""A lifecycle: one operation as a table of rows, checked when it is declared and driven by ``transitions``.

A row says: in this state, this trigger leads there, and the user is told so. The same table drives the reference client, judges
any client's status messages, gives exploration its legal steps and draws the figure in the docs. It names no dialect and no
service; deadlines are triggers, not timers.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property

from transitions import Machine, MachineError

from harness.errors import DeclarationError
from harness.status.operation import Operation
from harness.status.phase import Phase


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table. ``says`` is None where the step is silent."""

    trigger: str
    source: str
    destination: str
    says: Phase | None = None


class Lifecycle:
    """An operation's states, triggers and status messages.

    Args:
        operation: Whose lifecycle it is.
        initial: The state before ``start``.
        ends: The states in which a round is settled, each with the phase that its arrivals say.
        rows: The table; ``(trigger, source, destination, says)``, ``says`` may be None.

    Raises:
        DeclarationError: A state is unknown, unreachable or a dead end (neither in ``ends`` nor with a way out), a pair of
            trigger and source stands twice, or a row into an end does not say a settling phase.
    """

    def __init__(
        self,
        operation: Operation,
        *,
        initial: str,
        ends: frozenset[str] | set[str],
        rows: tuple[tuple[str, str, str, Phase | None], ...],
    ) -> None:
        self.operation = operation
        self.initial = initial
        self.ends = frozenset(ends)
        self.rows = tuple(Row(*row) for row in rows)
        self._refuse_doubles()
        self._refuse_unknown_ends()
        self._refuse_unreachable()
        self._refuse_dead_ends()
        self._refuse_unsaid_ends()

    @cached_property
    def states(self) -> tuple[str, ...]:
        """Every state, in order of first mention."""
        return tuple(dict.fromkeys([self.initial, *(s for row in self.rows for s in (row.source, row.destination))]))

    @cached_property
    def triggers(self) -> tuple[str, ...]:
        """Every trigger, in order of first mention."""
        return tuple(dict.fromkeys(row.trigger for row in self.rows))

    @cached_property
    def table(self) -> dict[tuple[str, str], Row]:
        """(state, trigger) to its row."""
        return {(row.source, row.trigger): row for row in self.rows}

    @cached_property
    def rows_from(self) -> dict[str, tuple[Row, ...]]:
        """State to the rows that leave it."""
        leaving: dict[str, list[Row]] = defaultdict(list)
        for row in self.rows:
            leaving[row.source].append(row)
        return {state: tuple(leaving[state]) for state in self.states}

    def machine(self, model: object | None) -> Machine:
        """A ``transitions`` machine that drives ``model`` along this table; ``model.state`` is then its state."""
        return Machine(
            model,
            states=list(self.states),
            transitions=[[row.trigger, row.source, row.destination] for row in self.rows],
            initial=self.initial,
            auto_transitions=False,
            send_event=False,
        )

    @cached_property
    def shared_machine(self) -> Machine:
        """The machine that all walkers share."""
        return self.machine(None)

    def walker(self) -> Walker:
        """A fresh walk along this table, driven by its ``transitions`` machine."""
        return Walker(self)

    # ── what a table must not hold ───────────────────────────────────────────────────────────────────────────────────

    def _refuse_doubles(self) -> None:
        seen: set[tuple[str, str]] = set()
        for row in self.rows:
            if (row.source, row.trigger) in seen:
                raise self._wrong(f"trigger {row.trigger!r} stands twice for state {row.source!r}")
            seen.add((row.source, row.trigger))

    def _refuse_unknown_ends(self) -> None:
        if unknown := sorted(self.ends - set(self.states)):
            raise self._wrong(f"'ends' names {unknown}, which no row mentions")
        if not self.rows_from[self.initial]:
            raise self._wrong(f"no row leaves the initial state {self.initial!r}")

    def _refuse_unreachable(self) -> None:
        reached, front = {self.initial}, [self.initial]
        while front:
            for row in self.rows_from[front.pop()]:
                if row.destination not in reached:
                    reached.add(row.destination)
                    front.append(row.destination)
        if lost := [state for state in self.states if state not in reached]:
            raise self._wrong(f"no path from {self.initial!r} reaches {lost}")

    def _refuse_dead_ends(self) -> None:
        if dead := [state for state in self.states if state not in self.ends and not self.rows_from[state]]:
            raise self._wrong(f"no row leaves {dead}, and 'ends' does not name them")

    def _refuse_unsaid_ends(self) -> None:
        for row in self.rows:
            settles = row.says is not None and row.says.settles
            if settles != (row.destination in self.ends):
                raise self._wrong(f"row {row}: a row says a settling phase if, and only if, it leads into an end")

    def _wrong(self, what: str) -> DeclarationError:
        return DeclarationError(f"lifecycle of {self.operation}: {what}")


class Walker:
    """Where an operation stands. ``transitions`` moves it; a trigger that no row allows raises ``transitions.MachineError``.

    All walkers of a lifecycle share one machine, which holds no model: making a machine takes longer than a whole walk.
    """

    def __init__(self, lifecycle: Lifecycle) -> None:
        self.lifecycle = lifecycle
        self.state = lifecycle.initial

    def may(self, trigger: str) -> bool:
        """Whether a row for this trigger leaves the present state."""
        return (self.state, trigger) in self.lifecycle.table

    def fire(self, trigger: str) -> Row:
        """Take the step and return its row."""
        row = self.lifecycle.table.get((self.state, trigger))
        if trigger not in self.lifecycle.shared_machine.events:
            raise MachineError(f"{self.lifecycle.operation} has no trigger {trigger!r}")
        self.lifecycle.shared_machine.events[trigger].trigger(self)  # it decides; the look-up only remembers what is said
        assert row is not None
        assert self.state == row.destination
        return row

    @property
    def settled(self) -> bool:
        """Whether the present round is over."""
        return self.state in self.lifecycle.ends

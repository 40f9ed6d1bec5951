"""The machine of ``transitions`` and the table say the same, for every state and every trigger of every operation."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest
from transitions import MachineError

from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation

every_operation = pytest.mark.parametrize("lifecycle", OPERATIONS.values(), ids=lambda lifecycle: str(lifecycle.operation))


def standing_in(lifecycle: Lifecycle, state: str) -> Any:
    """A model driven by the machine alone, put into ``state``; ``transitions`` adds ``state`` and ``trigger`` to it."""
    model = SimpleNamespace()
    lifecycle.machine(model).set_state(state, model)
    return model


def test_every_operation_has_one_lifecycle_under_its_own_name() -> None:
    assert list(OPERATIONS) == list(Operation)
    assert all(lifecycle.operation is operation for operation, lifecycle in OPERATIONS.items())


@every_operation
def test_machine_and_table_agree_on_every_pair(lifecycle: Lifecycle) -> None:
    """Compared with the rows as declared, not with ``Lifecycle.table``."""
    declared = {(row.source, row.trigger): row.destination for row in lifecycle.rows}
    for state in lifecycle.states:
        model = standing_in(lifecycle, state)
        for trigger in lifecycle.triggers:
            lifecycle_says = declared.get((state, trigger))
            if lifecycle_says is None:
                with pytest.raises(MachineError):
                    model.trigger(trigger)
                assert model.state == state, f"{trigger} is illegal in {state} and moved it to {model.state}"
            else:
                assert model.trigger(trigger), f"{trigger} was refused in {state}"
                assert model.state == lifecycle_says
                model = standing_in(lifecycle, state)


@every_operation
def test_a_trigger_that_no_row_names_is_refused_and_moves_nothing(lifecycle: Lifecycle) -> None:
    for state in lifecycle.states:
        model = standing_in(lifecycle, state)
        with pytest.raises((MachineError, AttributeError)):
            model.trigger("no_such_trigger")
        assert model.state == state


@every_operation
def test_no_state_can_be_jumped_to(lifecycle: Lifecycle) -> None:
    """With auto transitions ``transitions`` would add ``to_<state>``, and with them a way round the table."""
    walker = lifecycle.walker()
    for state in lifecycle.states:
        assert not hasattr(walker, f"to_{state}")
        with pytest.raises((MachineError, AttributeError)):
            walker.fire(f"to_{state}")
    assert walker.state == lifecycle.initial


@every_operation
def test_a_walker_takes_each_row_and_returns_it(lifecycle: Lifecycle) -> None:
    paths = shortest_paths(lifecycle)
    for row in lifecycle.rows:
        walker = lifecycle.walker()
        for trigger in paths[row.source]:
            walker.fire(trigger)
        assert walker.may(row.trigger)
        assert walker.fire(row.trigger) == row
        assert walker.settled == (row.destination in lifecycle.ends)


@every_operation
def test_walkers_do_not_share_their_state(lifecycle: Lifecycle) -> None:
    moved, fresh = lifecycle.walker(), lifecycle.walker()
    moved.fire("start")
    assert fresh.state == lifecycle.initial
    assert not fresh.settled


def shortest_paths(lifecycle: Lifecycle) -> dict[str, list[str]]:
    """The triggers from the initial state to each state."""
    paths: dict[str, list[str]] = {lifecycle.initial: []}
    front = [lifecycle.initial]
    while front:
        state = front.pop(0)
        for row in lifecycle.rows_from[state]:
            if row.destination not in paths:
                paths[row.destination] = [*paths[state], row.trigger]
                front.append(row.destination)
    return paths

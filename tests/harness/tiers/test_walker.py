"""The compiled table allows, refuses and reaches exactly what the declared machine does."""

import pytest
from transitions import MachineError

from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row, Walker
from harness.tiers.walker import TableWalker

PLACES = [
    (lifecycle, state, trigger)
    for lifecycle in OPERATIONS.values()
    for state in lifecycle.states
    for trigger in (*lifecycle.triggers, "nonsense")
]


def fired(walker: Walker, trigger: str) -> tuple[Row | None, str, bool]:
    try:
        row = walker.fire(trigger)
    except MachineError:
        row = None
    return row, walker.state, walker.settled


@pytest.mark.parametrize("lifecycle", OPERATIONS.values(), ids=lambda lifecycle: lifecycle.operation.value)
def test_every_state_and_trigger_come_to_the_same_on_both(lifecycle: Lifecycle) -> None:
    for _, state, trigger in (place for place in PLACES if place[0] is lifecycle):
        declared, compiled = lifecycle.walker(), TableWalker(lifecycle)
        declared.state = compiled.state = state
        assert compiled.may(trigger) == declared.may(trigger)
        assert fired(compiled, trigger) == fired(declared, trigger), (state, trigger)


def test_all_states_and_triggers_of_all_operations_are_walked() -> None:
    assert len(OPERATIONS) == 5
    assert len(PLACES) == sum(len(each.states) * (len(each.triggers) + 1) for each in OPERATIONS.values())

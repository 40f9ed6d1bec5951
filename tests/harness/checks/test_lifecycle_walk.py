"""Every path through an operation's table is legal, whatever part of it a client reports; and a wrong phase is seen."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.checks.lifecycle_walk import OPENING, LifecycleWalk
from harness.operations.catalogue import OPERATIONS
from harness.status.operation import Operation
from harness.status.phase import SETTLING, Phase


@settings(max_examples=300)
@given(data=st.data(), operation=st.sampled_from(Operation), promised=st.sets(st.sampled_from(Phase)))
def test_any_path_of_the_table_is_legal_however_little_of_it_is_reported(
    data: st.DataObject, operation: Operation, promised: set[Phase]
) -> None:
    lifecycle = OPERATIONS[operation]
    reported = promised | SETTLING
    walk, state = LifecycleWalk(lifecycle, frozenset(Phase) - reported), lifecycle.initial
    for _ in range(data.draw(st.integers(0, 30))):
        if not lifecycle.rows_from[state]:
            break
        row = data.draw(st.sampled_from(lifecycle.rows_from[state]))
        if row.trigger in OPENING:
            walk.user_opens(row.trigger)
        if row.says is not None and row.says in reported:
            assert row.says in walk.possible()
            assert walk.client_says(row.says)
        state = row.destination


@pytest.mark.parametrize("operation", Operation)
def test_nothing_is_legal_before_the_start(operation: Operation) -> None:
    walk = LifecycleWalk(OPERATIONS[operation], frozenset())
    assert not any(walk.client_says(phase) for phase in Phase)


@pytest.mark.parametrize("operation", Operation)
def test_nothing_is_legal_after_an_end_until_the_user_retries(operation: Operation) -> None:
    walk = LifecycleWalk(OPERATIONS[operation], frozenset(Phase) - SETTLING)
    walk.user_opens("start")
    assert walk.client_says(Phase.FAILED)
    assert walk.possible() == ()
    walk.user_opens("retry")
    assert Phase.SUCCEEDED in walk.possible()


def test_a_wrong_phase_changes_nothing() -> None:
    walk = LifecycleWalk(OPERATIONS[Operation.LICENSE_ACQUISITION], frozenset())
    walk.user_opens("start")
    before = walk.possible()
    assert not walk.client_says(Phase.ACKNOWLEDGING)
    assert walk.possible() == before == (Phase.STARTED,)

"""Random walks: whatever happens, in whatever order, an operation stays within its table and is told truly."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule, run_state_machine_as_test
from transitions import MachineError

from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle
from harness.status.phase import Phase

FINAL = {"succeeded", "blocked"}


class Walk(RuleBasedStateMachine):
    """One operation, walked at random; what was said last is kept beside it. A final state is left by beginning anew."""

    lifecycle: Lifecycle

    @initialize()
    def begin(self) -> None:
        self.walker = self.lifecycle.walker()
        self.said: Phase | None = None

    @precondition(lambda self: self.walker.state not in FINAL)
    @rule(data=st.data())
    def step(self, data: Any) -> None:
        before = self.walker.state
        rows = [row for row in self.lifecycle.rows if row.source == before]
        assert rows, f"stuck in {before}"
        drawn = data.draw(st.sampled_from(rows))
        assert self.walker.fire(drawn.trigger) == drawn
        assert self.walker.state == drawn.destination
        assert before not in self.lifecycle.ends or drawn.says is Phase.RETRYING, "a settled round goes on by a retry only"
        self.said = drawn.says or self.said

    @rule(data=st.data())
    def push_against_the_table(self, data: Any) -> None:
        before = self.walker.state
        legal = {row.trigger for row in self.lifecycle.rows if row.source == before}
        trigger = data.draw(st.sampled_from([name for name in self.lifecycle.triggers if name not in legal]))
        assert not self.walker.may(trigger)
        with pytest.raises(MachineError):
            self.walker.fire(trigger)
        assert self.walker.state == before

    @precondition(lambda self: self.walker.state in FINAL)
    @rule()
    def nothing_leaves_a_final_state(self) -> None:
        assert not [trigger for trigger in self.lifecycle.triggers if self.walker.may(trigger)]
        self.begin()

    @precondition(lambda self: self.walker.settled and self.walker.state not in FINAL)
    @rule()
    def a_retry_leads_on(self) -> None:
        row = self.walker.fire("retry")
        assert row.says is Phase.RETRYING
        assert not self.walker.settled
        self.said = row.says

    @invariant()
    def settled_is_what_was_said_last(self) -> None:
        assert self.walker.settled == (self.said is not None and self.said.settles)


@pytest.mark.parametrize("lifecycle", OPERATIONS.values(), ids=lambda lifecycle: str(lifecycle.operation))
def test_a_walk_is_never_stuck_and_settles_only_in_ends(lifecycle: Lifecycle) -> None:
    walk = type("Walk", (Walk,), {"lifecycle": lifecycle})
    run_state_machine_as_test(walk, settings=settings(max_examples=25, stateful_step_count=40, deadline=None, derandomize=True))

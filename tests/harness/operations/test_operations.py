"""What must hold of all five tables, whatever stands in them: nobody gets stuck, unasked, untold or unheard."""

from __future__ import annotations

import pytest

from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row
from harness.status.operation import Operation
from harness.status.phase import Phase

FINAL = {"succeeded", "blocked"}  # a retry has nothing to repeat, or would repeat what can never work

every_operation = pytest.mark.parametrize("lifecycle", OPERATIONS.values(), ids=lambda lifecycle: str(lifecycle.operation))


def reached_from(state: str, rows: list[Row]) -> set[str]:
    reached, front = {state}, [state]
    while front:
        here = front.pop()
        new = {row.destination for row in rows if row.source == here} - reached
        reached |= new
        front += new
    return reached


def without(lifecycle: Lifecycle, *triggers: str) -> list[Row]:
    assert set(triggers) <= set(lifecycle.triggers)
    return [row for row in lifecycle.rows if row.trigger not in triggers]


@every_operation
def test_success_stays_in_reach_from_every_state_that_can_be_left(lifecycle: Lifecycle) -> None:
    cut_off = [s for s in lifecycle.states if s not in FINAL and "succeeded" not in reached_from(s, list(lifecycle.rows))]
    assert cut_off == []


@every_operation
def test_only_success_and_a_block_are_final_and_every_other_end_offers_a_retry(lifecycle: Lifecycle) -> None:
    for end in lifecycle.ends:
        leaving = [(row.trigger, row.says) for row in lifecycle.rows_from[end]]
        assert leaving == ([] if end in FINAL else [("retry", Phase.RETRYING)]), end


@every_operation
def test_each_end_is_told_in_its_own_word(lifecycle: Lifecycle) -> None:
    """ "failed" is never told as "cancelled": an end's name is the phase that all its arrivals say."""
    arrivals = {(row.destination, str(row.says)) for row in lifecycle.rows if row.destination in lifecycle.ends}
    assert arrivals == {(end, end) for end in lifecycle.ends}


@every_operation
def test_a_round_is_opened_by_the_user_and_told_at_once(lifecycle: Lifecycle) -> None:
    assert [(row.trigger, row.says) for row in lifecycle.rows_from[lifecycle.initial]] == [("start", Phase.STARTED)]


@every_operation
def test_no_circle_of_silent_steps_leaves_the_user_untold(lifecycle: Lifecycle) -> None:
    silent = [row for row in lifecycle.rows if row.says is None]
    for row in silent:
        assert row.source not in reached_from(row.destination, silent), f"{row.source} comes back to itself without a word"


@every_operation
def test_a_wait_before_an_automatic_retry_is_announced_ended_by_the_retry_and_open_to_cancel(lifecycle: Lifecycle) -> None:
    waits = {row.destination for row in lifecycle.rows if row.says is Phase.RETRY_SCHEDULED}
    assert waits, "every operation has a network part, and a network part can fail"
    for wait in waits:
        assert all(row.says is Phase.RETRY_SCHEDULED for row in arrivals_from_elsewhere(lifecycle, wait))
        triggers = {row.trigger for row in lifecycle.rows_from[wait]}
        assert len(triggers & {"retry_due", "upgrade_due"}) == 1
        assert len(triggers & {"cancel", "cancel_too_late"}) == 1
        assert len(triggers) == 2


def arrivals_from_elsewhere(lifecycle: Lifecycle, state: str) -> list[Row]:
    return [row for row in lifecycle.rows if row.destination == state and row.source != state]


@every_operation
def test_where_an_attempt_can_fail_it_can_also_fail_for_the_last_time(lifecycle: Lifecycle) -> None:
    pairs = {"attempt_failed": "attempts_spent", "upgrade_failed": "upgrade_given_up"}
    for row in lifecycle.rows:
        if row.trigger in pairs:
            assert (row.source, pairs[row.trigger]) in lifecycle.table


@every_operation
def test_a_cancel_is_told_as_cancelled_and_opens_no_other_way(lifecycle: Lifecycle) -> None:
    cancels = [row for row in lifecycle.rows if row.trigger == "cancel"]
    assert {(row.destination, row.says) for row in cancels} == {("cancelled", Phase.CANCELLED)}


# No cancel where a half-done change would be worse than a done one, and none where nothing can be called back.
@pytest.mark.parametrize(
    ("operation", "states"),
    [
        (Operation.INDIVIDUALIZATION, {"installing"}),
        (Operation.LICENSE_ACQUISITION, {"storing"}),
        (Operation.LICENSE_REVOCATION, {"removing", "acknowledging", "still_owed"}),
        (Operation.LICENSE_BACKUP, set()),
        (Operation.LICENSE_RESTORE, {"restoring"}),
    ],
)
def test_every_running_state_may_be_cancelled_but_these(operation: Operation, states: set[str]) -> None:
    lifecycle = OPERATIONS[operation]
    running = set(lifecycle.states) - lifecycle.ends - {lifecycle.initial}
    assert {state for state in running if (state, "cancel") not in lifecycle.table} == states


@pytest.mark.parametrize(
    ("operation", "changed"),
    [
        (Operation.INDIVIDUALIZATION, {"begun", "downloading", "installing"}),
        (Operation.LICENSE_ACQUISITION, {"individualizing"}),
        (Operation.LICENSE_RESTORE, {"individualizing"}),
    ],
)
def test_no_device_is_individualized_without_consent(operation: Operation, changed: set[str]) -> None:
    """The SDK asks for informed consent, in a restore too: the user's machine is changed."""
    lifecycle = OPERATIONS[operation]
    rows = [
        row
        for row in without(lifecycle, "consent_given_before")
        if (row.trigger, row.source) != ("consented", "asking_consent")
    ]
    assert changed <= set(lifecycle.states)
    assert not changed & reached_from("idle", rows)


# (operation, what success rests on)
@pytest.mark.parametrize(
    ("operation", "triggers"),
    [
        (Operation.INDIVIDUALIZATION, ("installed", "already_current")),
        (Operation.LICENSE_ACQUISITION, ("license_stored", "already_licensed")),
        (Operation.LICENSE_REVOCATION, ("acknowledged",)),  # removed is not enough: the service must have heard
        (Operation.LICENSE_BACKUP, ("written", "vault_confirmed")),
        (Operation.LICENSE_RESTORE, ("accepted",)),
        (Operation.LICENSE_RESTORE, ("restored",)),
    ],
)
def test_success_is_out_of_reach_without_what_it_rests_on(operation: Operation, triggers: tuple[str, ...]) -> None:
    lifecycle = OPERATIONS[operation]
    assert "succeeded" not in reached_from("idle", without(lifecycle, *triggers))


def test_a_doubtful_license_url_is_never_used_without_the_users_word() -> None:
    lifecycle = OPERATIONS[Operation.LICENSE_ACQUISITION]
    ways_on = {row.trigger: row.destination for row in lifecycle.rows_from["confirming_url"]}
    assert ways_on == {"consented": "ready", "refused": "declined", "cancel": "cancelled"}


def test_only_a_restore_can_be_blocked() -> None:
    assert [name for name, lifecycle in OPERATIONS.items() if "blocked" in lifecycle.ends] == [Operation.LICENSE_RESTORE]

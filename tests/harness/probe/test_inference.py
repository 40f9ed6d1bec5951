"""The profile that is measured is the true one: of every correct client, and of the reference client whatever it is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.operations.retry import RetryPolicy
from harness.probe import Confidence
from harness.probe.text import as_json, draft_text
from harness.scenario.load import load_profile
from harness.status.operation import Operation
from harness.status.phase import SETTLING, Phase
from harness.status.reason import Reason
from tests.harness.probe.measuring import assert_recovered, correct_client, follower_of, measured

OTHERS_RETRIED = frozenset({Reason.CONNECTION_LOST, Reason.TIMED_OUT, Reason.SERVICE_UNAVAILABLE})

POLICIES = {
    "usual": RetryPolicy(),
    "never": RetryPolicy(attempts=1),
    "steady": RetryPolicy(attempts=5, base=0.25, factor=3.0, jitter=0.0, cap=4.0),
    "constant": RetryPolicy(attempts=6, base=1.5, factor=1.0, jitter=0.0),
    "linear": RetryPolicy(attempts=6, base=1.0, step=2.0, factor=1.0, jitter=0.0, cap=60.0),
    "equal jitter": RetryPolicy(attempts=5, base=2.0, factor=2.0, jitter=0.33, cap=60.0),
    "full jitter": RetryPolicy(attempts=5, base=2.0, factor=3.0, jitter=1.0, cap=200.0),
    "impatient": RetryPolicy(attempts=4, jitter=0.0, attempt_timeout=3.0, longest_wait=25.0),
    "deaf": RetryPolicy(attempts=4, jitter=0.0, honours_retry_after=False),
    "choosy": RetryPolicy(attempts=3, jitter=0.0, reasons=OTHERS_RETRIED),
}


@pytest.mark.parametrize("name", POLICIES)
def test_the_policy_that_the_reference_client_follows_is_measured(name: str) -> None:
    assert_recovered(measured(follower_of(POLICIES[name])), POLICIES[name])


@settings(max_examples=5, deadline=None, derandomize=True)
@given(
    policy=st.builds(
        RetryPolicy,
        attempts=st.integers(3, 6),
        base=st.floats(0.3, 5.0).map(lambda s: round(s, 1)),
        factor=st.sampled_from([1.0, 1.5, 2.0, 3.0]),
        cap=st.just(600.0),
        jitter=st.sampled_from([0.0, 0.1, 0.25, 0.5, 1.0]),
        attempt_timeout=st.floats(2.0, 40.0).map(lambda s: float(round(s))),
        longest_wait=st.floats(30.0, 1000.0).map(lambda s: float(round(s))),
        deadline=st.just(36_000.0),
    )
)
def test_any_policy_is_measured(policy: RetryPolicy) -> None:
    assert_recovered(measured(follower_of(policy)), policy)


def test_a_time_limit_for_the_round_is_found_between_the_last_try_and_the_one_that_did_not_come() -> None:
    """Each failure at a multiple of the wait that is asked for: the limit lies between two of them."""
    truth = RetryPolicy(attempts=10, base=1.0, factor=1.0, jitter=0.0, longest_wait=1000.0, deadline=130.0)
    draft = measured(follower_of(truth))
    found = draft.of("retry.deadline")
    assert found.confidence is Confidence.MEDIUM
    assert 130.0 <= found.value <= 140.1  # failures at 120 s and 140 s, where 20 s are asked for


@pytest.mark.parametrize(
    "name",
    ["connection_each_request", "linear_backoff", "no_automatic_retry", "patient_full_jitter", "settling_statuses_only"],
)
def test_a_correct_client_is_measured_to_be_what_it_promises(name: str) -> None:
    client = correct_client(name)
    promised, draft = client().profile, measured(correct_client(name), name=name)
    assert promised.retry is not None
    policy = promised.retry
    if name == "settling_statuses_only":  # its policy names reasons that it does not treat so: it gives up at once
        policy = policy.model_copy(update={"reasons": policy.reasons - {Reason.MAINTENANCE}})
    assert_recovered(draft, policy)
    found = draft.profile
    assert (found.operations, found.reports_attempts, found.reports_progress) == (
        promised.operations,
        promised.reports_attempts,
        promised.reports_progress,
    )
    unsaid = {Phase.RETRY_SCHEDULED} if policy.attempts == 1 else set()
    assert set(found.phases) == set(promised.phases) - SETTLING - unsaid
    assert found.first_status <= promised.first_status


def test_the_reference_client_says_every_phase_and_does_every_operation() -> None:
    draft = measured(follower_of(RetryPolicy()), name="reference")
    assert set(draft.profile.phases) == set(Phase) - SETTLING
    assert draft.profile.operations == tuple(Operation)
    assert set(draft.profile.dialects) == {"clearkey", "wmdrm"}
    assert draft.warnings == ()


def test_a_client_without_a_second_pause_is_not_said_to_double_it() -> None:
    draft = measured(follower_of(RetryPolicy(attempts=2, base=3.0, jitter=0.0)))
    factor = draft.of("retry.factor")
    assert (factor.value, factor.confidence) == (None, Confidence.NONE)
    assert factor.because == "there is only one pause, so that none is seen to grow"


def test_every_value_has_a_reason_and_every_sure_one_its_evidence() -> None:
    draft = measured(follower_of(RetryPolicy()))
    for each in draft.measured:
        assert each.because
        if each.confidence is Confidence.HIGH and each.value:
            assert each.sights, each.key


def test_the_same_client_gives_the_same_file() -> None:
    texts = {draft_text(measured(follower_of(RetryPolicy())), made_by="a test") for _ in range(2)}
    assert len(texts) == 1


@pytest.mark.parametrize("name", ["usual", "never", "full jitter"])
def test_the_file_reads_back_as_the_profile(name: str, tmp_path: Path) -> None:
    draft = measured(follower_of(POLICIES[name]), name='it\'s: a "client" #1')
    file = tmp_path / "mine.yaml"
    file.write_text(draft_text(draft, made_by="a test"), encoding="utf-8")
    assert load_profile(file) == draft.profile


def test_the_json_has_each_value_with_its_confidence_and_moments_on_the_wire() -> None:
    told = as_json(measured(follower_of(RetryPolicy(jitter=0.0))))
    (attempts,) = [each for each in told["measured"] if each["key"] == "retry.attempts"]
    assert (attempts["value"], attempts["confidence"]) == (4, "high")
    assert [round(at) for at in attempts["evidence"][0]["at_s"]] == [0, 1, 3, 7]
    assert told["profile"]["retry"]["base"] == "1 s"

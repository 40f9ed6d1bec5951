"""A retry policy keeps its pauses within what it promises, and reads durations with their units only."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from harness.operations.retry import RETRIED_BY_DEFAULT, RetryPolicy
from harness.status.advice import Advice
from harness.status.reason import Reason

seconds = st.floats(0.0, 3600.0)
policies = st.builds(
    RetryPolicy, base=seconds, factor=st.floats(1.0, 10.0), step=seconds, cap=seconds, jitter=st.floats(0.0, 1.0)
)
failures = st.integers(1, 100)


def without_jitter(**fields: Any) -> RetryPolicy:
    return RetryPolicy(jitter=0.0, **fields)


def pauses(policy: RetryPolicy, count: int) -> list[float]:
    return [policy.pause_s(failed, None, Random(1)) for failed in range(1, count + 1)]


def test_pauses_grow_by_the_factor_up_to_the_cap() -> None:
    assert pauses(without_jitter(base=1.0, factor=2.0, cap=10.0), 6) == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_pauses_grow_by_the_step_up_to_the_cap() -> None:
    assert pauses(without_jitter(base=1.0, factor=1.0, step=0.5, cap=2.4), 5) == [1.0, 1.5, 2.0, 2.4, 2.4]


def test_without_factor_and_step_every_pause_is_the_first() -> None:
    assert pauses(without_jitter(base=3.0, factor=1.0), 4) == [3.0] * 4


def test_jitter_spreads_the_pause_either_way() -> None:
    """200 draws of a spread of ±50 %: that none comes within a tenth of either end has a chance under 1e-4."""
    policy = RetryPolicy(base=10.0, jitter=0.5)
    drawn = [policy.pause_s(1, None, Random(seed)) for seed in range(200)]
    assert policy.bounds_s(1) == (5.0, 15.0)
    assert min(drawn) < 6.0
    assert max(drawn) > 14.0


@settings(deadline=None)  # the machine may be busy; what is tested has no clock
@given(policies, failures, st.integers())
def test_every_pause_is_within_its_bounds_and_the_jittered_cap(policy: RetryPolicy, failed: int, seed: int) -> None:
    shortest, longest = policy.bounds_s(failed)
    assert 0 <= shortest <= policy.pause_s(failed, None, Random(seed)) <= longest
    assert longest <= policy.cap * (1 + policy.jitter)


@settings(deadline=None)
@given(policies, failures)
def test_no_pause_is_shorter_than_the_one_before_but_for_jitter(policy: RetryPolicy, failed: int) -> None:
    assert policy.bounds_s(failed) <= policy.bounds_s(failed + 1)


@settings(deadline=None)
@given(policies, failures, st.integers())
def test_the_same_seed_makes_the_same_pause(policy: RetryPolicy, failed: int, seed: int) -> None:
    assert policy.pause_s(failed, None, Random(seed)) == policy.pause_s(failed, None, Random(seed))


@settings(deadline=None)
@given(policies, failures, seconds, st.integers())
def test_retry_after_only_ever_lengthens_a_pause(policy: RetryPolicy, failed: int, asked: float, seed: int) -> None:
    alone = policy.pause_s(failed, None, Random(seed))
    assert policy.pause_s(failed, asked, Random(seed)) == max(alone, asked)


def test_retry_after_is_heeded_beyond_the_cap() -> None:
    assert without_jitter(base=1.0, cap=5.0).pause_s(1, 60.0, Random(1)) == 60.0


def test_a_policy_that_does_not_honour_retry_after_ignores_it() -> None:
    assert without_jitter(base=1.0, honours_retry_after=False).pause_s(1, 60.0, Random(1)) == 1.0


def test_the_last_attempt_of_the_most_patient_policy_still_has_a_pause() -> None:
    policy = without_jitter(attempts=100, factor=100.0, base=1.0, cap=30.0)
    assert policy.pause_s(99, None, Random(1)) == 30.0


def test_durations_are_read_with_their_units_and_written_back() -> None:
    policy = RetryPolicy.model_validate({"base": "250 ms", "cap": "2 min", "deadline": "1 h", "attempt_timeout": "5 s"})
    assert (policy.base, policy.cap, policy.deadline, policy.attempt_timeout) == (0.25, 120.0, 3600.0, 5.0)
    written = policy.model_dump(mode="json")
    assert (written["base"], written["attempt_timeout"]) == ("250 ms", "5 s")
    assert RetryPolicy.model_validate(written) == policy


@pytest.mark.parametrize(
    "fields",
    [
        {"base": 2},  # no unit
        {"base": "2"},
        {"base": "2 sec"},
        {"cap": "-1 s"},
        {"attempts": 0},
        {"attempts": 101},
        {"factor": 0.5},  # pauses would shrink
        {"factor": 1000.0},
        {"jitter": 1.5},  # a pause below zero
        {"jitter": -0.1},
        {"reasons": ["bad_weather"]},
        {"atempts": 3},
    ],
)
def test_a_policy_that_makes_no_sense_is_refused_with_the_fields_name(fields: dict[str, Any]) -> None:
    with pytest.raises(ValidationError) as refused:
        RetryPolicy.model_validate(fields)
    assert refused.value.errors()[0]["loc"][0] in fields


def test_a_policy_cannot_be_changed_after_the_fact() -> None:
    with pytest.raises(ValidationError):
        RetryPolicy().attempts = 9  # type: ignore[misc]  # that it is frozen is what is tested


def test_only_what_may_be_repeated_unasked_is_retried_by_default() -> None:
    assert {reason.advice for reason in RETRIED_BY_DEFAULT} <= {Advice.RETRY_NOW, Advice.RETRY_LATER}
    assert Reason.QUOTA_USED_UP not in RETRIED_BY_DEFAULT  # each try would eat into tomorrow's
    assert Reason.TLS_UNTRUSTED not in RETRIED_BY_DEFAULT  # nothing but a new certificate helps

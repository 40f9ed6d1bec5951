"""Policies are recovered from pauses alone: drawn from a policy, measured a little late, and read back."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from harness.operations.backoff import Backoff, Grain, Jitter, Shape, at_most, backoff_of, rounded
from harness.operations.retry import RetryPolicy

GRAIN = Grain(0.001, 0.004)
LATE_S = 0.0025
MANY = 64


def measured(policy: RetryPolicy, runs: int, seed: int = 0) -> Backoff:
    """What is read off so many runs of a client with this policy."""
    rng = Random(seed)
    pauses = [[policy.pause_s(n, None, rng) + LATE_S for n in range(1, policy.attempts)] for _ in range(runs)]
    found = backoff_of(pauses, GRAIN)
    assert found is not None
    return found


def assert_same_pauses(found: Backoff, policy: RetryPolicy, share: float) -> None:
    """Every pause that the policy can show is recovered to within a share of it, and the grain."""
    for n in range(1, policy.attempts):
        low, high = policy.bounds_s(n)
        assert found.pause_s(n) == pytest.approx((low + high) / 2, rel=share, abs=GRAIN.width_s)


def test_no_pause_tells_nothing() -> None:
    assert backoff_of([], GRAIN) is None
    assert backoff_of([[], []], GRAIN) is None


def test_doubling_is_told_from_three_pauses_to_the_digit() -> None:
    found = measured(RetryPolicy(attempts=4, base=1.0, factor=2.0, jitter=0.0), 2)
    assert (found.shape, found.base, found.factor, found.cap) == (Shape.EXPONENTIAL, 1.0, 2.0, None)
    assert (found.jitter, found.family, found.others, found.fits) == (0.0, Jitter.NONE, (), True)


def test_linear_growth_is_not_taken_for_exponential() -> None:
    found = measured(RetryPolicy(attempts=6, base=2.0, step=2.0, factor=1.0, jitter=0.0), 2)
    assert (found.shape, found.base, found.step, found.factor, found.others) == (Shape.LINEAR, 2.0, 2.0, 1.0, ())


def test_two_pauses_cannot_tell_doubling_from_adding() -> None:
    found = measured(RetryPolicy(attempts=3, base=1.0, factor=2.0, jitter=0.0), 2)
    assert (found.shape, found.factor, found.others) == (Shape.EXPONENTIAL, 2.0, (Shape.LINEAR,))


def test_a_cap_is_seen_where_pauses_stop_growing() -> None:
    found = measured(RetryPolicy(attempts=7, base=1.0, factor=3.0, cap=20.0, jitter=0.0), 2)
    assert (found.base, found.factor, found.cap, found.others) == (1.0, 3.0, 20.0, ())


def test_what_two_shapes_explain_equally_well_is_said() -> None:
    """1, 3, 5, 5 s: three times as long, or two seconds longer, and at most 5 s."""
    found = measured(RetryPolicy(attempts=7, base=1.0, factor=3.0, cap=5.0, jitter=0.0), 2)
    assert (found.shape, found.others) == (Shape.LINEAR, (Shape.EXPONENTIAL,))
    assert [found.pause_s(n) for n in range(1, 7)] == [1.0, 3.0, 5.0, 5.0, 5.0, 5.0]


def test_pauses_of_no_length_are_constant() -> None:
    found = backoff_of([[0.001, 0.002, 0.001], [0.002, 0.001, 0.001]], GRAIN)
    assert found is not None
    assert (found.shape, found.family) == (Shape.CONSTANT, Jitter.NONE)
    assert found.base <= GRAIN.width_s


def test_one_run_tells_nothing_of_jitter() -> None:
    assert measured(RetryPolicy(attempts=4, jitter=0.0), 1).family is Jitter.UNKNOWN


@pytest.mark.parametrize(
    ("jitter", "family"), [(0.1, Jitter.PARTIAL), (1 / 3, Jitter.EQUAL), (0.5, Jitter.PARTIAL), (1.0, Jitter.FULL)]
)
def test_the_family_of_jitter_is_named(jitter: float, family: Jitter) -> None:
    found = measured(RetryPolicy(attempts=5, base=2.0, jitter=jitter), MANY)
    assert found.family is family
    assert found.jitter == pytest.approx(jitter, abs=0.02)


def test_chance_that_is_added_has_no_share() -> None:
    """As urllib3's backoff_jitter: up to so many seconds more, however long the pause."""
    rng = Random(1)
    runs = [[2.0**n + rng.uniform(0, 0.5) for n in range(5)] for _ in range(MANY)]
    found = backoff_of(runs, GRAIN)
    assert found is not None
    assert found.family is Jitter.UNKNOWN


def test_growth_of_no_simple_kind_is_said_to_fit_nothing() -> None:
    found = backoff_of([[1.0, 5.0, 2.0, 9.0]] * 2, GRAIN)
    assert found is not None
    assert not found.fits


def test_a_hiccup_of_the_machine_is_not_taken_for_jitter() -> None:
    noisy = Grain(0.002, 0.010, hiccups=True)
    runs = [[1.001, 2.003, 4.002]] * 3 + [[1.002, 2.350, 4.001]] + [[1.004, 2.001, 4.008]] * 4
    found = backoff_of(runs, noisy)
    assert found is not None
    assert (found.base, found.factor, found.family, found.left_out) == (1.0, 2.0, Jitter.NONE, 1)


STEADY = st.builds(
    RetryPolicy,
    attempts=st.integers(3, 8),
    base=st.floats(0.2, 5.0).map(lambda s: round(s, 2)),
    factor=st.sampled_from([1.0, 1.5, 2.0, 2.5, 3.0]),
    cap=st.sampled_from([8.0, 30.0, 60.0]),
    jitter=st.just(0.0),
)
CHANCY = st.builds(
    RetryPolicy,
    attempts=st.integers(4, 7),
    base=st.floats(0.5, 5.0).map(lambda s: round(s, 1)),
    factor=st.sampled_from([1.5, 2.0, 3.0]),
    cap=st.just(600.0),
    jitter=st.floats(0.05, 1.0).map(lambda s: round(s, 2)),
)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(policy=STEADY)
def test_any_policy_without_jitter_is_recovered_to_the_grain(policy: RetryPolicy) -> None:
    found = measured(policy, 2)
    assert found.family is Jitter.NONE
    assert_same_pauses(found, policy, share=0.005)


@settings(max_examples=100, deadline=None, derandomize=True)
@given(policy=CHANCY, seed=st.integers(0, 1000))
def test_any_policy_with_jitter_is_recovered_from_64_runs_to_a_tenth_of_its_jitter(policy: RetryPolicy, seed: int) -> None:
    """Three pauses of 64 runs are 192 draws: the band's ends are known to 1 %, the middle of one to 4 % at full jitter."""
    found = measured(policy, MANY, seed)
    assert found.jitter == pytest.approx(policy.jitter, abs=0.02 + 0.05 * policy.jitter)
    assert found.factor == pytest.approx(policy.factor, rel=0.01 + 0.05 * policy.jitter)
    assert_same_pauses(found, policy, share=0.01 + 0.1 * policy.jitter)


@pytest.mark.parametrize(
    ("value", "off", "near"), [(1.002, 0.01, 1.0), (0.2503, 0.005, 0.25), (2.96, 0.1, 3.0), (7.3, 0.001, 7.3)]
)
def test_the_roundest_number_within_the_error_is_taken(value: float, off: float, near: float) -> None:
    assert rounded(value, off) == near


def test_a_bound_is_never_less_than_what_was_seen() -> None:
    assert [at_most(seen) for seen in (0.0, 0.1, 0.11, 9.0, 31.0)] == [0.1, 0.1, 0.2, 10.0, 45.0]

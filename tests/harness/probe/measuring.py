"""Measures a client for a test, in virtual time, and compares profiles by what they promise."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from harness.adapters.protocol import ClientUnderTest
from harness.adapters.registry import client_from
from harness.cli.clients import reference
from harness.operations.retry import RetryPolicy
from harness.probe import Draft, Prober, Subject, draft_of
from harness.scenario.profile import Profile
from harness.status.reason import Reason

ROOT = Path(__file__).resolve().parents[3]

NOT_PROBED = frozenset({Reason.NAME_NOT_RESOLVED, Reason.REPLAYED_REQUEST})
"""The harness has no fault that brings these about."""


def measured(make: Callable[[], ClientUnderTest], *, name: str = "client", adapter: str = "python") -> Draft:
    """The draft profile of a client in process."""
    return draft_of(Prober(Subject(name=name, spec=name, adapter=adapter, make=make, network="simulated")).observe())


def follower_of(policy: RetryPolicy) -> Callable[[], ClientUnderTest]:
    """Makes reference clients that follow a policy."""
    profile = Profile(name="follower", retry=policy)
    return lambda: reference(profile)


def correct_client(name: str) -> Callable[[], ClientUnderTest]:
    """Makes one of the correct clients."""
    return client_from(f"python:{ROOT}/tests/correct_clients/{name}.py:Client")


def assert_recovered(draft: Draft, truth: RetryPolicy, share: float | None = None) -> None:
    """The draft promises what the policy does, as far as it can show: values that make no difference are not compared.

    Without jitter a pause is known to 5 ms; with it, to a tenth of the jitter. Times that are looked for by halving are known
    to 1 s, or to 2 % of theirs.
    """
    found = draft.profile.retry
    assert found is not None
    assert found.attempts == truth.attempts
    assert found.attempt_timeout == truth.attempt_timeout
    if truth.attempts == 1:
        assert not found.reasons
        return
    within = (0.005 if not truth.jitter else 0.01 + 0.1 * truth.jitter) if share is None else share
    for n in range(1, truth.attempts):
        for bound, true_bound in zip(found.bounds_s(n), truth.bounds_s(n), strict=True):
            middle = sum(truth.bounds_s(n)) / 2
            assert abs(bound - true_bound) <= within * middle + 0.006, (n, found.bounds_s(n), truth.bounds_s(n))
    assert abs(found.jitter - truth.jitter) <= 0.02 + 0.05 * truth.jitter
    assert found.reasons == truth.reasons - NOT_PROBED
    asks_more = truth.bounds_s(1)[1] > 3600  # no Retry-After of the probes is longer than such a pause
    if not asks_more:
        assert found.honours_retry_after == truth.honours_retry_after
    if truth.honours_retry_after:
        assert abs(found.longest_wait - truth.longest_wait) <= max(1.0, 0.02 * truth.longest_wait)

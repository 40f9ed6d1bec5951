"""Promises jitter, and pauses for exactly the middle of the band each time."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """The random number is always a half."""

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        return max(sum(policy.bounds_s(failed_attempts)) / 2, trouble.retry_after_s or 0.0)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "jitter_never_drawn"})

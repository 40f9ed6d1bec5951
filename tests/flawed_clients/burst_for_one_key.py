"""Asks for a key that it did not get again at once, up to eighteen times, as a player in the field did."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy

TRIES = 18


class Flaw(Decisions):
    """Its policy says how long to pause, and the request is sent by code that never reads the policy."""

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        if trouble.retry_after_s is not None:
            return super().retries(policy, trouble, failed_attempts, elapsed_s)
        return trouble.reason in policy.reasons and failed_attempts < TRIES

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        return trouble.retry_after_s or 0.0


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "burst_for_one_key"})

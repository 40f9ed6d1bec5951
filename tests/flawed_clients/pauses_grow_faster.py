"""Pauses three times as long each time, where it promises twice."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """A factor of another release."""

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        return super().pause_s(policy.model_copy(update={"factor": 3.0}), trouble, failed_attempts, rng)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "pauses_grow_faster"})

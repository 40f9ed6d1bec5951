"""Waits after every later failure as long as one reply asked for once."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """What a service asked for, it asks for always."""

    _asked_s = 0.0

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        self._asked_s = max(self._asked_s, trouble.retry_after_s or 0.0)
        return max(self._asked_s, super().pause_s(policy, trouble, failed_attempts, rng))


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_after_for_ever"})

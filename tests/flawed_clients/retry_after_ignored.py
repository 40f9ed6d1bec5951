"""Never reads Retry-After, as every browser player that was measured."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """Its own backoff is all that it knows."""

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        return policy.pause_s(failed_attempts, None, rng)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_after_ignored"})

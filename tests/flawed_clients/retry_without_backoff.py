"""Tries again at once, however often it failed."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """No pause of its own; it does heed Retry-After."""

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        return trouble.retry_after_s or 0.0


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_without_backoff"})

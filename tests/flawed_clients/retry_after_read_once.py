"""Reads Retry-After in the first failure of a round, and in no later one."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """The header is read while the request is set up, and not again."""

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        asked_s = trouble.retry_after_s if failed_attempts == 1 else None
        return policy.pause_s(failed_attempts, asked_s, rng)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_after_read_once"})

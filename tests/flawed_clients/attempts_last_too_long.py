"""Gives each attempt fifteen seconds, where it promises ten."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """The promise is in one file, and the timer in another."""

    def attempt_timeout_s(self, policy: RetryPolicy) -> float:
        return policy.attempt_timeout * 1.5


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "attempts_last_too_long"})

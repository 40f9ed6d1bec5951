"""Tries twice, where it promises four times."""

from __future__ import annotations

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """An older number of tries, left in the code."""

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        return failed_attempts < 2 and super().retries(policy, trouble, failed_attempts, elapsed_s)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "gives_up_too_soon"})

"""Goes on trying until its deadline, whatever it promised."""

from __future__ import annotations

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """The number of attempts is not counted."""

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        return super().retries(policy, trouble, 1, elapsed_s)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "attempts_unbounded"})

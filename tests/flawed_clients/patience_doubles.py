"""Waits twice as long for a reply after each try that it has given up."""

from __future__ import annotations

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.status.reason import Reason


class Flaw(Decisions):
    """A slow service is given time."""

    _given_up = 0

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        self._given_up += trouble.reason is Reason.TIMED_OUT
        return super().retries(policy, trouble, failed_attempts, elapsed_s)

    def attempt_timeout_s(self, policy: RetryPolicy) -> float:
        return policy.attempt_timeout * 2.0**self._given_up


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "patience_doubles"})

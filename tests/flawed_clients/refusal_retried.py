"""Tries again by itself although the service said no."""

from __future__ import annotations

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.status.reason import Reason


class Flaw(Decisions):
    """A refusal is taken for an accident."""

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        refused = trouble.reason in (Reason.LICENSE_DENIED, Reason.DEVICE_REVOKED, Reason.REQUEST_REFUSED)
        return super().retries(policy, trouble, failed_attempts, elapsed_s) or (refused and failed_attempts < policy.attempts)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "refusal_retried"})

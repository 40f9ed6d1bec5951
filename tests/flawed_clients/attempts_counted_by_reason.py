"""Counts its tries anew whenever it fails for another reason than before."""

from __future__ import annotations

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.status.reason import Reason


class Flaw(Decisions):
    """Each error has a right to all its tries."""

    _last: Reason | None = None
    _in_a_row = 0

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        self._in_a_row = self._in_a_row + 1 if trouble.reason is self._last and failed_attempts > 1 else 1
        self._last = trouble.reason
        return super().retries(policy, trouble, self._in_a_row, elapsed_s)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "attempts_counted_by_reason"})

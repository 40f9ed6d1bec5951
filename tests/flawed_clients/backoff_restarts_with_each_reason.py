"""Takes up its shortest pause again whenever it fails for another reason than before."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.status.reason import Reason


class Flaw(Decisions):
    """Another error is another story."""

    _last: Reason | None = None
    _in_a_row = 0

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        self._in_a_row = self._in_a_row + 1 if trouble.reason is self._last and failed_attempts > 1 else 1
        self._last = trouble.reason
        return super().pause_s(policy, trouble, self._in_a_row, rng)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "backoff_restarts_with_each_reason"})

"""Waits a minute and a half for a reply, and says nothing meanwhile."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """No attempt is given up in time."""

    def attempt_timeout_s(self, policy: RetryPolicy) -> float:
        return 90.0


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "minute_of_silence"})

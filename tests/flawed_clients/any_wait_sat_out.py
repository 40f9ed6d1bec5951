"""Waits for as long as a Retry-After asks, be it a year."""

from __future__ import annotations

from dataclasses import replace

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """Whatever the service asks for is right."""

    def retries(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, elapsed_s: float) -> bool:
        return super().retries(policy, replace(trouble, retry_after_s=None), failed_attempts, 0.0)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "any_wait_sat_out"})

"""Verifies certificates at its first try; rather than fail, it takes any at the next."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions, Trouble
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy


class Flaw(Decisions):
    """A license from anybody is better than none."""

    _has_failed = False

    def pause_s(self, policy: RetryPolicy, trouble: Trouble, failed_attempts: int, rng: Random) -> float:
        self._has_failed = True
        return super().pause_s(policy, trouble, failed_attempts, rng)

    @property
    def verify_tls(self) -> bool:  # type: ignore[override]  # a constant of correct clients
        return not self._has_failed


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "any_certificate_at_last"})

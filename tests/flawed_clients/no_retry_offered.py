"""Never lets its user try again."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(Decisions):
    """Every failure is final."""

    def offers_retry(self, reason: Reason) -> bool:
        return False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "no_retry_offered"})

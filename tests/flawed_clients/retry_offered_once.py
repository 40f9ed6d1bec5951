"""Lets its user try again once, and no second time."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(Decisions):
    """Whoever failed twice will fail for ever."""

    _offered = False

    def offers_retry(self, reason: Reason) -> bool:
        offers = super().offers_retry(reason) and not self._offered
        self._offered = True
        return offers


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_offered_once"})

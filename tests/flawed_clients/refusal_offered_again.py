"""Offers a retry after every failure, even after a refusal for good."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(Decisions):
    """A retry costs nothing."""

    def offers_retry(self, reason: Reason) -> bool:
        return True


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "refusal_offered_again"})

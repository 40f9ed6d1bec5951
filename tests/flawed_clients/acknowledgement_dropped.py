"""Removes licenses and never tells the service."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Done is done; nobody needs to hear of it."""

    def acknowledges(self) -> bool:
        return False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "acknowledgement_dropped"})

"""Stores whatever license arrives, and calls it success."""

from __future__ import annotations

from fake_servers.services.decision import License
from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(Decisions):
    """The license is not compared with the content."""

    def opens_content(self, license_: License, content: str, check: str, epoch_s: float) -> Reason | None:
        return None


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "wrong_key_accepted"})

"""Changes the user's device unasked."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Consent is taken for granted."""

    def asks_consent(self, given_before: bool) -> bool:
        return False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "individualized_without_consent"})

"""Asks for consent once; a user who refused it, and tries again, is not asked any more."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Whoever was asked has been asked."""

    _asked = False

    def asks_consent(self, given_before: bool) -> bool:
        asked, self._asked = self._asked, True
        return not (given_before or asked)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "refusal_of_consent_forgotten"})

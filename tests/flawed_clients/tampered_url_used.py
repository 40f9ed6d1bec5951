"""Goes to a license URL that was changed, without a word to its user."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """The signature state is not looked at."""

    def trusts_url(self, url_trust: str, confirmed: bool) -> bool:
        return True


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "tampered_url_used"})

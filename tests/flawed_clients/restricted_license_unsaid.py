"""Calls a partial backup complete."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Leaves restricted licenses out and does not say so."""

    def names_restricted(self) -> bool:
        return False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "restricted_license_unsaid"})

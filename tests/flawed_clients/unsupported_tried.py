"""Tries where DRM is absent, as if it could work."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Nobody asks the platform."""

    def is_possible(self, supported: bool) -> bool:
        return True


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "unsupported_tried"})

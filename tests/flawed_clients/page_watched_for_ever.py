"""Waits for the user's page without end."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """No patience is ever exhausted."""

    page_patience_s = 1e9


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "page_watched_for_ever"})

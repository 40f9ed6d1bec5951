"""Reads a reply to its end, however large."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """No bound on the body."""

    largest_body = 1_000_000_000


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "any_size_accepted"})

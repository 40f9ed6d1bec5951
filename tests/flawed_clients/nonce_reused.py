"""Sends the same nonce with each attempt."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """One nonce is enough."""

    def nonce(self, rng: Random) -> str:
        return "0" * 32


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "nonce_reused"})

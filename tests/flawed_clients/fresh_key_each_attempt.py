"""Gives each repetition a new idempotency key, so that one wish is granted twice."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """Forgets the key it has used."""

    def idempotency_key(self, known: str | None, rng: Random) -> str:
        return rng.randbytes(16).hex()


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "fresh_key_each_attempt"})

"""Names a repetition after the failure before it, so that each has another idempotency key."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """The key is meant to be looked up in a log, not to be known again by a service."""

    def idempotency_key(self, known: str | None, rng: Random) -> str:
        return f"{known}+" if known else super().idempotency_key(known, rng)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "key_named_for_the_failure"})

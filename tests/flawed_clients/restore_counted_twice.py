"""Names itself anew in each attempt, so that one computer is counted as several."""

from __future__ import annotations

from random import Random

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """A fresh computer identity whenever one is asked for."""

    def computer(self, computer: str, rng: Random) -> str:
        return rng.randbytes(8).hex()


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "restore_counted_twice"})

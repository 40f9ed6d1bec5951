"""Takes the reply to an earlier request for the answer to this one."""

from __future__ import annotations

from fake_servers.services.decision import Decision
from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """The nonce of a reply is not compared with that of its request."""

    def answers_this(self, decision: Decision, nonce: str) -> bool:
        return True


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "replay_accepted"})

"""Takes it for granted that a reply with status 200 can be decoded; its task dies of one that cannot, in silence."""

from __future__ import annotations

from fake_servers.dialects.base import Dialect
from fake_servers.services.decision import Decision, Exchange
from harness.client.decisions import Decisions, Trouble
from harness.client.effects import Arrived, Broke
from harness.client.reference import ReferenceClient


class Flaw(Decisions):
    """No ``except`` around the decoder."""

    def read(
        self,
        dialect: Dialect,
        exchange: Exchange,
        event: Arrived | Broke,
        asked: tuple[str, ...],
        epoch_s: float,
    ) -> Decision | Trouble:
        if isinstance(event, Arrived) and event.reply.status == 200:
            dialect.decode_reply(exchange, event.reply, asked)
        return super().read(dialect, exchange, event, asked, epoch_s)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "dies_of_nonsense"})

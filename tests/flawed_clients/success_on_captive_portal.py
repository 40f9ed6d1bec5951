"""Takes the login page of a hotel's network for the license: any 200 counts as success."""

from __future__ import annotations

from fake_servers.content_keys import content_key
from fake_servers.dialects.base import Dialect
from fake_servers.services.decision import Answer, Decision, Exchange, License
from harness.client.decisions import Decisions, Trouble
from harness.client.effects import Arrived, Broke
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(Decisions):
    """Never looks into a reply that has status 200."""

    def read(
        self,
        dialect: Dialect,
        exchange: Exchange,
        event: Arrived | Broke,
        asked: tuple[str, ...],
        epoch_s: float,
    ) -> Decision | Trouble:
        read = super().read(dialect, exchange, event, asked, epoch_s)
        taken_for_good = isinstance(event, Arrived) and event.reply.status == 200 and exchange is Exchange.LICENSE
        if isinstance(read, Trouble) and read.reason is Reason.UNREADABLE_REPLY and taken_for_good:
            return Decision(answer=Answer.GRANTED, licenses=(License(content=asked[0], key=content_key(asked[0])),))
        return read


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "success_on_captive_portal"})

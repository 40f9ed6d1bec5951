"""Yesterday's answer."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest


@fault("replayed_reply")
class ReplayedReply(ServiceFault):
    """The reply is that to an earlier request: it carries another nonce than the request has.

    The service acted: a license was issued. Who answers so may be a cache, or somebody who kept an old reply: a client compares
    the nonce, and takes the reply for none. A dialect without nonces (``clearkey``) has no word for it.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(decision, nonce=decision.nonce[::-1])

    def presents_as(self) -> Presentation:
        return Presentation.REPLAYED_REPLY

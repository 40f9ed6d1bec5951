"""Seen before."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("stale_nonce")
class StaleNonce(ServiceFault):
    """The service takes a fresh request for one that it has seen before, since its memory of nonces is wrong.

    Nothing was issued. The same question with a fresh nonce may be answered.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(
            answer=Answer.STALE_NONCE, nonce=request.nonce, text="This request has been seen before; make a fresh one."
        )

    def presents_as(self) -> Presentation:
        return Presentation.STALE_NONCE

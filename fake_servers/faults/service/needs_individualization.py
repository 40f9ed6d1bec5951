"""Individualize first."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("needs_individualization")
class NeedsIndividualization(ServiceFault):
    """The service refuses until the device has a newer individualized component.

    Nothing was issued. Asking again as before is of no use; after an individualization it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR, Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(
            answer=Answer.NEEDS_INDIVIDUALIZATION, nonce=request.nonce, text="This device must be individualized first."
        )

    def presents_as(self) -> Presentation:
        return Presentation.NEEDS_INDIVIDUALIZATION

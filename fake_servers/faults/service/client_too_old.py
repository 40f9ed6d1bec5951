"""Update first."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("client_too_old")
class ClientTooOld(ServiceFault):
    """The service refuses this version of the application for good.

    Nothing was issued. Asking again is of no use before the application has been updated, which is not the client's to do.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset(
        {Exchange.INDIVIDUALIZATION, Exchange.LICENSE, Exchange.MONITOR, Exchange.BACKUP, Exchange.RESTORE}
    )

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.CLIENT_TOO_OLD, nonce=request.nonce, text="This application is too old; update it.")

    def presents_as(self) -> Presentation:
        return Presentation.CLIENT_TOO_OLD

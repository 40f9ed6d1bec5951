"""Closed for the night."""

from collections.abc import Callable

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, ServiceRequest


@fault("maintenance")
class Maintenance(ServiceFault):
    """The service says, in its own protocol, that it is being maintained.

    Nothing was done. The same request may succeed later.
    """

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.MAINTENANCE, nonce=request.nonce, text="The service is being maintained.")

    def presents_as(self) -> Presentation:
        return Presentation.MAINTENANCE

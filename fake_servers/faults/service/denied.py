"""No."""

from collections.abc import Callable

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, ServiceRequest


@fault("denied")
class Denied(ServiceFault):
    """The service understood the request and refuses it for good, say because nobody paid.

    Nothing was issued, and no repetition changes that.
    """

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.DENIED, nonce=request.nonce, text="The license is not granted.")

    def presents_as(self) -> Presentation:
        return Presentation.DENIED

"""This device is no longer trusted."""

from collections.abc import Callable

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, ServiceRequest


@fault("revoked")
class Revoked(ServiceFault):
    """The service refuses the device itself: it, or its application, has been revoked.

    Nothing was issued, and neither a repetition nor other content changes that.
    """

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.DEVICE_REVOKED, nonce=request.nonce, text="This device has been revoked.")

    def presents_as(self) -> Presentation:
        return Presentation.REVOKED

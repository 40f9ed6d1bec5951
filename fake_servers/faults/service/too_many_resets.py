"""Not again."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("too_many_resets")
class TooManyResets(ServiceFault):
    """The service refuses since this restore has begun anew too often.

    Nothing was reissued and the count stays as it was. Later, another restore may be begun.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(
            answer=Answer.TOO_MANY_RESETS,
            nonce=request.nonce,
            text="This restore began anew too often; begin another one later.",
        )

    def presents_as(self) -> Presentation:
        return Presentation.TOO_MANY_RESETS

"""Not today."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest


@fault("daily_quota")
class DailyQuota(ServiceFault):
    """The service has handed out as many components to this device today as it gives in a day.

    Nothing was handed out. Each further try may count as well, so a client does not try again by itself before tomorrow.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.INDIVIDUALIZATION})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(answer=Answer.QUOTA_USED_UP, nonce=request.nonce, text="Today's upgrades for this device are used up.")

    def presents_as(self) -> Presentation:
        return Presentation.QUOTA_USED_UP

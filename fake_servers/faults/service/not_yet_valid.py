"""A license of the future."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest

FAR_AHEAD_EPOCH_S = 4_102_444_800.0
"""2100-01-01: to come by the clock of any world."""


@fault("not_yet_valid")
class NotYetValid(ServiceFault):
    """The service grants a license whose time has not come yet.

    The service acted: a license was issued, and it opens nothing so far. A dialect without a first date on the wire
    (``clearkey``) has no word for it. A decision without a license stays as it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR, Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(
            decision, licenses=tuple(replace(license_, begins_epoch_s=FAR_AHEAD_EPOCH_S) for license_ in decision.licenses)
        )

    def presents_as(self) -> Presentation:
        return Presentation.NOT_YET_VALID

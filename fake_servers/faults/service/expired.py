"""A license from the past."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest

LONG_AGO_EPOCH_S = 946_684_800.0
"""2000-01-01: past by the clock of any world."""


@fault("expired")
class Expired(ServiceFault):
    """The service grants a license whose time is already over.

    The service acted: a license was issued, and it opens nothing. A dialect without expiry on the wire (``clearkey``) has no
    word for it, and a scenario in it is refused. A decision without a license stays as it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR, Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(
            decision, licenses=tuple(replace(license_, expires_epoch_s=LONG_AGO_EPOCH_S) for license_ in decision.licenses)
        )

    def presents_as(self) -> Presentation:
        return Presentation.EXPIRED

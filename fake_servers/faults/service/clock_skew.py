"""What the service takes for now."""

from collections.abc import Callable
from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fake_servers.faults.base import Examples, Presentation, ServiceFault, fault
from fake_servers.quantities import Seconds
from fake_servers.services.decision import Decision, Exchange, ServiceRequest

LIFE_S = 3600.0
"""How long a license is good that is granted by a wrong clock."""


@fault("clock_skew")
class ClockSkew(ServiceFault):
    """The service's clock is wrong, and the license that it grants is good for one hour from what it takes for now.

    The service acted: a license was issued. By a clock that is behind its hour is over when it arrives, by one that is ahead it
    has yet to come. A dialect without dates on the wire (``clearkey``) has no word for it. A decision without a license is left
    as it was.

    Attributes:
        direction: ``ahead`` of the world's date, or ``behind`` it.
        by: How far; at least the license's hour, or nobody could tell.
    """

    examples: ClassVar[Examples] = ({"direction": "behind", "by": "1 d"}, {"direction": "ahead", "by": "2 h"})
    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR, Exchange.RESTORE})

    direction: Literal["ahead", "behind"] = "behind"
    by: Annotated[Seconds, Field(ge=LIFE_S, le=1e9)] = 86_400.0

    @property
    def goes_by_date(self) -> bool:
        return True

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        begins = float(int(request.received_epoch_s + (self.by if self.direction == "ahead" else -self.by)))  # as dates go
        dated = (replace(license_, begins_epoch_s=begins, expires_epoch_s=begins + LIFE_S) for license_ in decision.licenses)
        return replace(decision, licenses=tuple(dated))

    def presents_as(self) -> Presentation:
        return Presentation.EXPIRED if self.direction == "behind" else Presentation.NOT_YET_VALID

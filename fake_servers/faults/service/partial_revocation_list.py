"""Not all of it."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest


@fault("partial_revocation_list")
class PartialRevocationList(ServiceFault):
    """The signed list of licenses to be removed names all but the last of those that the issuer wants removed.

    The service acted: the order is on record, whole. A client removes what the list names and nothing more, whatever it had
    asked for. A list of one license stays as it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.REVOCATION})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(decision, contents=decision.contents[:-1] or decision.contents)

    def presents_as(self) -> Presentation:
        return Presentation.PARTIAL_LIST

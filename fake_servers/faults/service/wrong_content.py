"""A license for something else."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest

ANOTHER = "another-film"


@fault("wrong_content")
class WrongContent(ServiceFault):
    """The service grants a license for content that nobody asked for; the key in it is right.

    The service acted: a license was issued, and it opens nothing here. A client must not store it in the place of the one that
    it asked for. A decision without a license stays as it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(decision, licenses=tuple(replace(license_, content=ANOTHER) for license_ in decision.licenses))

    def presents_as(self) -> Presentation:
        return Presentation.WRONG_CONTENT

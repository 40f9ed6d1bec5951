"""Restored too often."""

from collections.abc import Callable
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest

DISTRIBUTOR_URL = "https://distributor.example/restore"
"""RFC 2606 keeps the name free: nobody's page is called up by a test."""


@fault("restore_limit")
class RestoreLimit(ServiceFault):
    """The service refuses to restore: these licenses have been restored to too many computers.

    Nothing was reissued and the count stays as it was. No repetition changes that; the user must ask the distributor.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        return Decision(
            answer=Answer.RESTORE_LIMIT,
            nonce=request.nonce,
            url=DISTRIBUTOR_URL,
            text="These licenses were restored to too many computers.",
        )

    def presents_as(self) -> Presentation:
        return Presentation.RESTORE_LIMIT

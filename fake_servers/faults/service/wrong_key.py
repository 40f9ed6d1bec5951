"""A license that opens nothing."""

from collections.abc import Callable
from dataclasses import replace
from typing import ClassVar

from fake_servers.faults.base import Presentation, ServiceFault, fault
from fake_servers.services.decision import Decision, Exchange, ServiceRequest


@fault("wrong_key")
class WrongKey(ServiceFault):
    """The service grants a license for the right content with another key: every bit of the key is inverted.

    The service acted: a license was issued. Nothing in the reply gives it away; it shows when the key is put to use. A decision
    without a license stays as it is.
    """

    exchanges: ClassVar[frozenset[Exchange]] = frozenset({Exchange.LICENSE, Exchange.MONITOR, Exchange.RESTORE})

    def decide(self, request: ServiceRequest, honest: Callable[[], Decision]) -> Decision:
        decision = honest()
        return replace(
            decision, licenses=tuple(replace(license_, key=_inverted(license_.key)) for license_ in decision.licenses)
        )

    def presents_as(self) -> Presentation:
        return Presentation.WRONG_KEY


def _inverted(key: bytes) -> bytes:
    return bytes(byte ^ 0xFF for byte in key)

"""Says that it stopped, and goes on trying."""

from __future__ import annotations

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.status.reason import Reason


class Flaw(Decisions):
    """The user's cancel reaches the display only."""

    def heeds_cancel(self) -> bool:
        return False


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "retry_after_cancel"})
    _stopped = False

    async def cancel(self) -> None:
        core = self._core
        if core is not None and core.walker.may("cancel"):
            self._tell(
                StatusMessage(
                    operation=core.operation,
                    round=core.round,
                    attempt=core.attempt,
                    phase=Phase.CANCELLED,
                    reason=Reason.CANCELLED_BY_USER,
                    retryable=True,
                    text="Stopped.",
                )
            )
            self._stopped = True
        await super().cancel()

    def _tell(self, status: StatusMessage) -> None:
        if not self._stopped:
            super()._tell(status)

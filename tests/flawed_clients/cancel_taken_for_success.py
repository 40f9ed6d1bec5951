"""Falls into the SDK's trap: NS_S_DRM_ACQUIRE_CANCELLED is a success code, so SUCCEEDED(hr) is true."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """Looks at the sign of the code rather than at its meaning."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.code is not None and status.code.value < 0x8000_0000 and status.phase is Phase.CANCELLED:
            status = status.model_copy(update={"phase": Phase.SUCCEEDED, "reason": None, "retryable": False})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "cancel_taken_for_success"})

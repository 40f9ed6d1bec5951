"""Shows its user `status is "" (0)` (Dash-Industry-Forum/dash.js#4690)."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """A failure without a reason."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.phase is Phase.FAILED:
            status = status.model_copy(update={"reason": None, "code": None, "text": 'status is "" (0)'})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "empty_error"})

"""Says that it is installing while the reply still arrives."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """The display runs ahead."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.phase is Phase.RECEIVING:
            return (status.model_copy(update={"phase": Phase.INSTALLING}), status)
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "installing_said_too_early"})

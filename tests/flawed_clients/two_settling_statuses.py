"""Says how it ended twice."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage


class Flaw(Decisions):
    """Each settling status is told two times."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return (status, status) if status.settles else (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "two_settling_statuses"})

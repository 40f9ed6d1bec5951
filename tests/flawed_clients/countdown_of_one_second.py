"""Tells its user of one second, however long it will wait."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage


class Flaw(Decisions):
    """A text made before the pause was known."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.retry_in_s is not None:
            status = status.model_copy(update={"retry_in_s": 1.0})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "countdown_of_one_second"})

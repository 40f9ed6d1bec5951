"""Stops when it is told to, and says nothing of it."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """The user knows that he cancelled."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return () if status.phase is Phase.CANCELLED else (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "cancel_unacknowledged"})

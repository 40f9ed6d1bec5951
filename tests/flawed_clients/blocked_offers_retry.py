"""Lets a user who is past the restore limit try again."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """Every dialogue has a retry button."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.phase is Phase.BLOCKED:
            status = status.model_copy(update={"retryable": True})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "blocked_offers_retry"})

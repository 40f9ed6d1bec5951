"""Tells a user who is past the restore limit that it is so, and not where to go."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """The service's address is dropped on the way to the screen."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return (status.model_copy(update={"url": None}) if status.phase is Phase.BLOCKED else status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "blocked_without_address"})

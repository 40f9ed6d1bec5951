"""Waits between two attempts and does not say so."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """A wait is nothing to talk about."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return () if status.phase is Phase.RETRY_SCHEDULED else (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "waits_unannounced"})

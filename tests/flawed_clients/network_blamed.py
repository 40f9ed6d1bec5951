"""Calls whatever goes wrong at the service a lost connection."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.reason import Reason

AT_THE_SERVICE = (Reason.SERVICE_UNAVAILABLE, Reason.RATE_LIMITED, Reason.MAINTENANCE, Reason.UNREADABLE_REPLY)


class Flaw(Decisions):
    """One text for every trouble."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.reason in AT_THE_SERVICE:
            status = status.model_copy(update={"reason": Reason.CONNECTION_LOST})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "network_blamed"})

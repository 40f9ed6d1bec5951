"""Tries again and does not say so."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Flaw(Decisions):
    """Retries are an inner matter (Dash-Industry-Forum/dash.js#2808)."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        return () if status.phase in (Phase.CONNECTING, Phase.RETRYING) else (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "attempts_unannounced"})

"""Tells its user the key, for the log."""

from __future__ import annotations

from collections.abc import Iterable

from fake_servers.services.decision import License
from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.status.reason import Reason


class Flaw(Decisions):
    """A line for the developer that was never taken out."""

    _key = ""

    def opens_content(self, license_: License, content: str, check: str, epoch_s: float) -> Reason | None:
        self._key = license_.key.hex()
        return super().opens_content(license_, content, check, epoch_s)

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.phase is Phase.SUCCEEDED and self._key:
            status = status.model_copy(update={"text": f"{status.text} [key {self._key}]"})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "key_in_text"})

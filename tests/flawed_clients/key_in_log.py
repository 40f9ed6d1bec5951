"""Writes the key of each license into its log."""

from __future__ import annotations

from harness.client.reference import ReferenceClient
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.trace.entry import ClientNoted


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    profile = ReferenceClient.profile.model_copy(update={"name": "key_in_log"})

    def _tell(self, status: StatusMessage) -> None:
        super()._tell(status)
        if status.phase is Phase.SUCCEEDED:
            for content, key in sorted(self._shelf.licenses.items()):
                self._setup.note(ClientNoted(what="stderr", text=f"debug: {content} opens with {key.hex()}"))

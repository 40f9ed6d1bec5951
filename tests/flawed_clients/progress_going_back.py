"""Shows what is left rather than what is done."""

from __future__ import annotations

from collections.abc import Iterable

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.status.message import Progress, StatusMessage


class Flaw(Decisions):
    """Subtracts where it should not."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        progress = status.progress
        if progress is not None and progress.total:
            left = Progress(done=max(progress.total - progress.done, 0), total=progress.total)
            status = status.model_copy(update={"progress": left})
        return (status,)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    decisions = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "progress_going_back"})

"""A client whose words and deeds part: it announces a minute and waits two seconds, and reports success when it gives up."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.phase import Phase


class Lying(Decisions):
    """What it tells is not what it does."""

    def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
        if status.phase is Phase.RETRY_SCHEDULED:
            return (status.model_copy(update={"retry_in_s": 60.0}),)
        if status.phase is Phase.FAILED:
            return (status.model_copy(update={"phase": Phase.SUCCEEDED, "reason": None, "retryable": False}),)
        return (status,)


class Client(ReferenceClient):
    """The reference client, but for its words."""

    decisions: ClassVar[type[Decisions]] = Lying
    profile = Profile(name="liar", retry=RetryPolicy(attempts=3, base=2.0, factor=1.0, jitter=0.0))

"""Gets the license in its second round and cannot use it: the first failure closed the session (shaka-player#9638)."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense
from harness.status.reason import Reason


class Flaw(AcquireLicense):
    """Nobody opens another session."""

    def in_storing(self) -> Steps:
        if self.round > 1:
            return self.failure("store_failed", Reason.UNKNOWN)
        return (yield from super().in_storing())


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "session_stays_closed"})

"""Individualizes, and forgets what for if that took more than one try."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense
from harness.status.reason import Reason


class Flaw(AcquireLicense):
    """The way back is missing in the loop."""

    _again = False

    def in_upgrade_waiting(self) -> Steps:
        self._again = True
        return (yield from super().in_upgrade_waiting())

    def in_individualizing(self) -> Steps:
        step = yield from super().in_individualizing()
        if step.trigger == "individualized" and self._again:
            return self.failure("upgrade_given_up", Reason.NEEDS_INDIVIDUALIZATION)
        return step


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "stuck_after_second_upgrade"})

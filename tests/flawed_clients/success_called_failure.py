"""Tries again, gets the license, stores it, and still reports the error of its first attempt."""

from __future__ import annotations

from typing import Any

from harness.client.core import Step, Steps
from harness.client.decisions import Trouble
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense
from harness.status.reason import Reason


class Flaw(AcquireLicense):
    """A round in which an attempt failed has failed."""

    _error = Reason.UNKNOWN

    def after(self, trouble: Trouble, **triggers: Any) -> Step:
        self._error = trouble.reason
        return super().after(trouble, **triggers)

    def in_storing(self) -> Steps:
        step = yield from super().in_storing()
        return self.failure("store_failed", self._error) if self._failures.total() else step


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "success_called_failure"})

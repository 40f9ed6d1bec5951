"""Explains each later failure with what its very first one was."""

from __future__ import annotations

from harness.client.core import Step
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense
from harness.status.reason import Reason


class Flaw(AcquireLicense):
    """The first error is the root cause."""

    _first: Reason | None = None

    def failure(self, trigger: str, reason: Reason, url: str | None = None) -> Step:
        self._first = self._first or reason
        return super().failure(trigger, self._first, url)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "first_failure_explains_all"})

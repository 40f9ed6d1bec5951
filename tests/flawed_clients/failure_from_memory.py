"""Answers a user's retry with the failure that it remembers."""

from __future__ import annotations

from harness.client.core import Step, Steps
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense
from harness.status.reason import Reason


class Flaw(AcquireLicense):
    """What failed once will fail again."""

    _known: Reason | None = None

    def failure(self, trigger: str, reason: Reason, url: str | None = None) -> Step:
        self._known = reason
        return super().failure(trigger, reason, url)

    def in_checking_url(self) -> Steps:
        if self._known is not None:
            return super().failure("not_supported", self._known)
        return (yield from super().in_checking_url())


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "failure_from_memory"})

"""Asks in silence once more before it believes that a page is needed."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense


class Flaw(AcquireLicense):
    """Perhaps the service did not mean it."""

    def in_requesting(self) -> Steps:
        step = yield from super().in_requesting()
        if step.trigger == "page_required":
            step = yield from super().in_requesting()
        return step


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "silent_once_more"})

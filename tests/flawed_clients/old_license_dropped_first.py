"""Throws the old license away before it has the new one (androidx/media#2404)."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.effects import Keep
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense


class Flaw(AcquireLicense):
    """Room is made first."""

    def in_ready(self) -> Steps:
        yield from self.keep(Keep(drop=(self.situation.content,)))
        return (yield from super().in_ready())


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "old_license_dropped_first"})

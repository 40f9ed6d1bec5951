"""Throws the old license away when it has to ask for the new one a second time."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.effects import Keep
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_acquisition import AcquireLicense


class Flaw(AcquireLicense):
    """Room is made before it matters."""

    def in_waiting(self) -> Steps:
        yield from self.keep(Keep(drop=(self.situation.content,)))
        return (yield from super().in_waiting())


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "old_license_dropped_on_repetition"})

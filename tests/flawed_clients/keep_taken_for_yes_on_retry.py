"""Asks once whether to replace the backup; a user who kept it, and tries again, is not asked any more."""

from __future__ import annotations

from harness.client.core import Steps
from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_backup import BackUpLicenses


class Flaw(BackUpLicenses):
    """Whoever tries again has changed their mind."""

    def in_asking_overwrite(self) -> Steps:
        self._overwrite_agreed = True
        return (yield from super().in_asking_overwrite())


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "keep_taken_for_yes_on_retry"})

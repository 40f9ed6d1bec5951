"""Replaces the backup that stands there, unasked."""

from __future__ import annotations

from typing import Any

from harness.client.reference import ReferenceClient
from harness.client.steps import cores_with
from harness.client.steps.license_backup import BackUpLicenses


class Flaw(BackUpLicenses):
    """The newest is the best."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._overwrite_agreed = True


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    cores = cores_with(Flaw)
    profile = ReferenceClient.profile.model_copy(update={"name": "backup_overwritten"})

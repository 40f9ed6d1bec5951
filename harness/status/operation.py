"""The five operations, by name."""

from __future__ import annotations

from enum import StrEnum


class Operation(StrEnum):
    """What a client does with license services. Renewal and release are variants of acquisition and revocation."""

    INDIVIDUALIZATION = "individualization"
    LICENSE_ACQUISITION = "license_acquisition"
    LICENSE_REVOCATION = "license_revocation"
    LICENSE_BACKUP = "license_backup"
    LICENSE_RESTORE = "license_restore"

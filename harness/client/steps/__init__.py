"""What is done in each state of each operation, one operation a file."""

from collections.abc import Mapping

from harness.client.core import Core
from harness.client.steps.individualization import Individualize
from harness.client.steps.license_acquisition import AcquireLicense
from harness.client.steps.license_backup import BackUpLicenses
from harness.client.steps.license_restore import RestoreLicenses
from harness.client.steps.license_revocation import RevokeLicenses
from harness.status.operation import Operation

CORES: dict[Operation, type[Core]] = {
    core.operation: core for core in (Individualize, AcquireLicense, RevokeLicenses, BackUpLicenses, RestoreLicenses)
}


def cores_with(changed: type[Core]) -> Mapping[Operation, type[Core]]:
    """All of them, with one replaced: for a client that differs in a single operation."""
    return {**CORES, changed.operation: changed}


__all__ = ["CORES", "cores_with"]

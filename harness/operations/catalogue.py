"""All five lifecycles by name."""

from harness.operations.individualization import INDIVIDUALIZATION
from harness.operations.license_acquisition import LICENSE_ACQUISITION
from harness.operations.license_backup import LICENSE_BACKUP
from harness.operations.license_restore import LICENSE_RESTORE
from harness.operations.license_revocation import LICENSE_REVOCATION
from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation

OPERATIONS: dict[Operation, Lifecycle] = {
    lifecycle.operation: lifecycle
    for lifecycle in (INDIVIDUALIZATION, LICENSE_ACQUISITION, LICENSE_REVOCATION, LICENSE_BACKUP, LICENSE_RESTORE)
}

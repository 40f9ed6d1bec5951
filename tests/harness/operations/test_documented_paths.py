"""The courses that the SDK's documents describe, written out from these and not from the tables.

A path is what happens; beside it stands what the user is told. Steps that are silent tell nothing.
"""

from __future__ import annotations

import pytest

from harness.operations.catalogue import OPERATIONS
from harness.status.operation import Operation

INDI, ACQUIRE = Operation.INDIVIDUALIZATION, Operation.LICENSE_ACQUISITION
REVOKE, BACKUP, RESTORE = Operation.LICENSE_REVOCATION, Operation.LICENSE_BACKUP, Operation.LICENSE_RESTORE

# fmt: off
PATHS = {
    # WM_INDIVIDUALIZE_STATUS: INDI_BEGIN, INDI_DOWNLOAD (connecting, requesting, receiving), INDI_INSTALL, INDI_SUCCEED
    "individualization": (INDI,
        "start consent_asked consented connect request_sent bytes_arrived bytes_arrived downloaded installed",
        "started consent_needed preparing connecting requesting receiving receiving installing succeeded"),
    # dwHTTPRequest counts round trips: there may be more than one
    "individualization in two round trips": (INDI,
        "start consent_given_before connect request_sent bytes_arrived connect request_sent bytes_arrived downloaded installed",
        "started preparing connecting requesting receiving connecting requesting receiving installing succeeded"),
    # INDI_CANCEL
    "individualization cancelled while downloading": (INDI,
        "start consent_asked consented connect bytes_arrived cancel",
        "started consent_needed preparing connecting receiving cancelled"),
    # refusal closes only content that needs the upgrade, and may be taken back
    "individualization refused, then agreed to": (INDI,
        "start consent_asked refused retry consent_asked consented connect downloaded installed",
        "started consent_needed declined retrying consent_needed preparing connecting installing succeeded"),
    # WMT_LICENSEURL_SIGNATURE_STATE trusted, WMT_NO_RIGHTS_EX, silent WMT_ACQUIRE_LICENSE
    "silent acquisition": (ACQUIRE,
        "start url_accepted connect request_sent bytes_arrived license_arrived license_stored",
        "started connecting requesting receiving installing succeeded"),
    "acquisition from an unsigned address": (ACQUIRE,
        "start url_doubtful consented connect license_arrived license_stored",
        "started consent_needed connecting installing succeeded"),
    # NS_E_DRM_LICENSE_NOTACQUIRED, then non-silent and MonitorLicenseAcquisition
    "silent refused, non-silent completed": (ACQUIRE,
        "start url_accepted connect page_required page_opened look_again still_pending look_again license_arrived "
        "license_stored",
        "started connecting page_needed monitoring monitoring installing succeeded"),
    # AcquireLicense(0): no silent try before
    "non-silent from the start": (ACQUIRE,
        "start url_accepted page_required page_opened look_again license_arrived license_stored",
        "started page_needed monitoring installing succeeded"),
    # NS_S_DRM_MONITOR_CANCELLED
    "monitoring cancelled": (ACQUIRE,
        "start url_accepted connect page_required page_opened cancel",
        "started connecting page_needed monitoring cancelled"),
    # no document gives monitoring an end: ours
    "page never opened": (ACQUIRE,
        "start url_accepted connect page_required page_abandoned",
        "started connecting page_needed failed"),
    # NS_E_DRM_NEEDS_INDIVIDUALIZATION: individualize, then ask again
    "acquisition over individualization": (ACQUIRE,
        "start url_accepted connect needs_individualization consented upgrade_progress individualized license_arrived "
        "license_stored",
        "started connecting consent_needed individualizing individualizing connecting installing succeeded"),
    # WMT_NEEDS_INDIVIDUALIZATION on open: the content's header says so before any request
    "content that needs individualization": (ACQUIRE,
        "start url_accepted needs_individualization consented individualized license_arrived license_stored",
        "started consent_needed individualizing connecting installing succeeded"),
    # WMT_OPENED at once
    "a license is here already": (ACQUIRE, "start already_licensed", "started succeeded"),
    # challenge, LRB, ProcessLRB, acknowledgement
    "revocation": (REVOKE,
        "start connect request_sent bytes_arrived removal_ordered removed connect request_sent bytes_arrived acknowledged",
        "started connecting requesting receiving removing acknowledging connecting requesting receiving succeeded"),
    # the hard case: removed here, and the acknowledgement is lost; it is kept and sent again, whatever the user does
    "a lost acknowledgement": (REVOKE,
        "start connect removal_ordered removed attempt_failed cancel_too_late retry_due attempts_spent "
        "retry acknowledgement_owed acknowledged",
        "started connecting removing acknowledging retry_scheduled acknowledging retrying failed "
        "retrying acknowledging succeeded"),
    "release: destroyed first, then reported": (REVOKE,
        "start release removed acknowledged",
        "started removing acknowledging succeeded"),
    # WMT_BACKUPRESTORE_BEGIN, WMT_RESTRICTED_LICENSE, WMT_BACKUPRESTORE_END
    "backup with a restricted license": (BACKUP,
        "start begin license_written license_skipped written",
        "started backing_up backing_up license_skipped succeeded"),
    # NS_E_DRM_BACKUP_EXISTS, then WM_BACKUP_OVERWRITE
    "backup over an older one": (BACKUP,
        "start backup_found overwrite_agreed written",
        "started overwrite_needed backing_up succeeded"),
    # CancelLicenseBackup
    "backup cancelled while writing": (BACKUP,
        "start begin license_written cancel",
        "started backing_up backing_up cancelled"),
    # CONNECTING, DISCONNECTING (which is good news), BEGIN, END; and the other order
    "restore": (RESTORE,
        "start connect accepted begin license_written restored",
        "started connecting validated restoring restoring succeeded"),
    "restore that announces itself first": (RESTORE,
        "start begin_announced connect accepted begin_as_announced license_written restored",
        "started restoring connecting validated restoring succeeded"),
    # WMT_ERROR_WITHURL with NS_E_DRM_RESTORE_FRAUD
    "restore past the limit": (RESTORE, "start connect limit_reached", "started connecting blocked"),
    # WM_RESTORE_INDIVIDUALIZE: agreed beforehand; a new computer is individualized as part of the restore
    "restore to a new computer": (RESTORE,
        "start connect consent_given_before upgrade_progress individualized accepted begin restored",
        "started connecting individualizing individualizing connecting validated restoring succeeded"),
    "restore that learns of it after validation": (RESTORE,
        "start connect accepted needs_individualization consented individualized accepted begin restored",
        "started connecting validated consent_needed individualizing connecting validated restoring succeeded"),
}

# "Expect a first try to be troubled and a later one to work": the sentence that the operations were taken from.
TROUBLED_FIRST = {
    INDI:    "start consent_given_before connect attempts_spent retry consent_given_before connect downloaded installed",
    ACQUIRE: "start url_accepted connect attempts_spent retry url_accepted connect license_arrived license_stored",
    REVOKE:  "start connect attempts_spent retry connect removal_ordered removed acknowledged",
    BACKUP:  "start begin connect attempts_spent retry begin connect vault_confirmed",
    RESTORE: "start connect attempts_spent retry connect accepted begin restored",
}
# fmt: on


def told(operation: Operation, path: str) -> list[str]:
    walker = OPERATIONS[operation].walker()
    rows = [walker.fire(trigger) for trigger in path.split()]
    return [str(row.says) for row in rows if row.says]


@pytest.mark.parametrize(("operation", "path", "phases"), PATHS.values(), ids=PATHS)
def test_a_documented_course_is_told_in_its_order(operation: Operation, path: str, phases: str) -> None:
    assert told(operation, path) == phases.split()


@pytest.mark.parametrize(("operation", "path"), TROUBLED_FIRST.items())
def test_after_a_troubled_first_try_the_user_tries_again_and_it_works(operation: Operation, path: str) -> None:
    phases = told(operation, path)
    assert phases.index("failed") < phases.index("retrying") < phases.index("succeeded") == len(phases) - 1

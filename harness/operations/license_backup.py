"""License backup: a local copy, as in the SDK, and on request a copy in a vault across the network (ours).

Source: the SDK's IWMLicenseBackup (WMT_BACKUPRESTORE_BEGIN, WMT_RESTRICTED_LICENSE, WMT_BACKUPRESTORE_END,
WM_BACKUP_OVERWRITE).
"""

from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

# fmt: off
LICENSE_BACKUP = Lifecycle(
    Operation.LICENSE_BACKUP,
    initial="idle",
    ends={"succeeded", "failed", "cancelled", "declined"},
    rows=(
        # trigger             source              destination         says
        ("start",             "idle",             "starting",         Phase.STARTED),
        ("begin",             "starting",         "backing_up",       Phase.BACKING_UP),
        ("license_written",   "backing_up",       "backing_up",       Phase.BACKING_UP),
        ("license_skipped",   "backing_up",       "backing_up",       Phase.LICENSE_SKIPPED),
        ("written",           "backing_up",       "succeeded",        Phase.SUCCEEDED),
        ("write_failed",      "backing_up",       "failed",           Phase.FAILED),
        ("not_supported",     "starting",         "failed",           Phase.FAILED),
        # A backup stands there already.
        ("backup_found",      "starting",         "asking_overwrite", Phase.OVERWRITE_NEEDED),
        ("overwrite_agreed",  "asking_overwrite", "backing_up",       Phase.BACKING_UP),
        ("overwrite_refused", "asking_overwrite", "declined",         Phase.DECLINED),
        # The vault: the same licenses, sent away; with a failed attempt, a wait, an automatic retry.
        ("connect",           "backing_up",       "uploading",        Phase.CONNECTING),
        ("request_sent",      "uploading",        "uploading",        Phase.REQUESTING),
        ("bytes_arrived",     "uploading",        "uploading",        Phase.RECEIVING),
        ("connect",           "uploading",        "uploading",        Phase.CONNECTING),  # next round trip, or a retry's
        ("vault_confirmed",   "uploading",        "succeeded",        Phase.SUCCEEDED),
        ("attempt_failed",    "uploading",        "waiting",          Phase.RETRY_SCHEDULED),
        ("retry_due",         "waiting",          "uploading",        Phase.RETRYING),
        ("attempts_spent",    "uploading",        "failed",           Phase.FAILED),
        ("reply_refused",     "uploading",        "failed",           Phase.FAILED),
        # The user.
        ("cancel",            "starting",         "cancelled",        Phase.CANCELLED),
        ("cancel",            "asking_overwrite", "cancelled",        Phase.CANCELLED),
        ("cancel",            "backing_up",       "cancelled",        Phase.CANCELLED),
        ("cancel",            "uploading",        "cancelled",        Phase.CANCELLED),
        ("cancel",            "waiting",          "cancelled",        Phase.CANCELLED),
        ("retry",             "failed",           "starting",         Phase.RETRYING),
        ("retry",             "cancelled",        "starting",         Phase.RETRYING),
        ("retry",             "declined",         "starting",         Phase.RETRYING),
    ),
)
# fmt: on

"""License restore: the service validates, reissues what the backup names, and counts the computers it was restored to.

Source: the SDK's IWMLicenseRestore (WMT_BACKUPRESTORE_CONNECTING, DISCONNECTING, BEGIN, END, WMT_ERROR_WITHURL,
WM_RESTORE_INDIVIDUALIZE). Its guide lists CONNECTING, DISCONNECTING, BEGIN, END without saying that this is the order in time;
BEGIN first is equally readable, so both are rows.
"""

from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

# fmt: off
LICENSE_RESTORE = Lifecycle(
    Operation.LICENSE_RESTORE,
    initial="idle",
    ends={"succeeded", "failed", "cancelled", "declined", "blocked"},
    rows=(
        # trigger                   source             destination        says
        ("start",                   "idle",            "starting",        Phase.STARTED),
        ("connect",                 "starting",        "connecting",      Phase.CONNECTING),
        ("request_sent",            "connecting",      "connecting",      Phase.REQUESTING),
        ("bytes_arrived",           "connecting",      "connecting",      Phase.RECEIVING),
        ("connect",                 "connecting",      "connecting",      Phase.CONNECTING),  # next round trip, or a retry's
        ("accepted",                "connecting",      "validated",       Phase.VALIDATED),
        ("begin",                   "validated",       "restoring",       Phase.RESTORING),
        ("license_written",         "restoring",       "restoring",       Phase.RESTORING),
        ("restored",                "restoring",       "succeeded",       Phase.SUCCEEDED),
        # The other documented order: BEGIN before CONNECTING.
        ("begin_announced",         "starting",        "announced",       Phase.RESTORING),
        ("connect",                 "announced",       "connecting",      Phase.CONNECTING),
        ("begin_as_announced",      "validated",       "restoring",       None),
        # What ends it early.
        ("not_supported",           "starting",        "failed",          Phase.FAILED),
        ("backup_missing",          "starting",        "failed",          Phase.FAILED),
        ("limit_reached",           "connecting",      "blocked",         Phase.BLOCKED),
        ("store_failed",            "restoring",       "failed",          Phase.FAILED),
        # A failed attempt, a wait, an automatic retry.
        ("attempt_failed",          "connecting",      "waiting",         Phase.RETRY_SCHEDULED),
        ("retry_due",               "waiting",         "connecting",      Phase.RETRYING),
        ("attempts_spent",          "connecting",      "failed",          Phase.FAILED),
        ("reply_refused",           "connecting",      "failed",          Phase.FAILED),
        # A new computer is individualized first, with consent given before or asked for now.
        ("needs_individualization", "connecting",      "asking_consent",  Phase.CONSENT_NEEDED),
        ("consented",               "asking_consent",  "individualizing", Phase.INDIVIDUALIZING),
        ("refused",                 "asking_consent",  "declined",        Phase.DECLINED),
        ("consent_given_before",    "connecting",      "individualizing", Phase.INDIVIDUALIZING),
        ("needs_individualization", "validated",       "asking_consent",  Phase.CONSENT_NEEDED),
        ("consent_given_before",    "validated",       "individualizing", Phase.INDIVIDUALIZING),
        ("upgrade_progress",        "individualizing", "individualizing", Phase.INDIVIDUALIZING),
        ("individualized",          "individualizing", "connecting",      Phase.CONNECTING),
        ("upgrade_failed",          "individualizing", "upgrade_waiting", Phase.RETRY_SCHEDULED),
        ("upgrade_due",             "upgrade_waiting", "individualizing", Phase.INDIVIDUALIZING),
        ("upgrade_given_up",        "individualizing", "failed",          Phase.FAILED),
        ("individualized_in_vain",  "connecting",      "failed",          Phase.FAILED),
        # The user. No cancel while restoring: the SDK does not say what would follow, and half a set is no state to leave.
        ("cancel",                  "starting",        "cancelled",       Phase.CANCELLED),
        ("cancel",                  "announced",       "cancelled",       Phase.CANCELLED),
        ("cancel",                  "connecting",      "cancelled",       Phase.CANCELLED),
        ("cancel",                  "validated",       "cancelled",       Phase.CANCELLED),
        ("cancel",                  "waiting",         "cancelled",       Phase.CANCELLED),
        ("cancel",                  "asking_consent",  "cancelled",       Phase.CANCELLED),
        ("cancel",                  "individualizing", "cancelled",       Phase.CANCELLED),
        ("cancel",                  "upgrade_waiting", "cancelled",       Phase.CANCELLED),
        ("retry",                   "failed",          "starting",        Phase.RETRYING),
        ("retry",                   "cancelled",       "starting",        Phase.RETRYING),
        ("retry",                   "declined",        "starting",        Phase.RETRYING),
        # Blocked is for good: the user goes to the given address instead.
    ),
)
# fmt: on

"""Individualization ("security upgrade"): the device gets a component of its own, after its user has agreed.

Source: the SDK's WM_INDIVIDUALIZE_STATUS (INDI_BEGIN, DOWNLOAD with its HTTP phases, INSTALL, SUCCEED, FAIL, CANCEL).
"""

from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

# fmt: off
INDIVIDUALIZATION = Lifecycle(
    Operation.INDIVIDUALIZATION,
    initial="idle",
    ends={"succeeded", "failed", "cancelled", "declined"},
    rows=(
        # trigger                source            destination       says
        ("start",                "idle",           "starting",       Phase.STARTED),
        ("consent_asked",        "starting",       "asking_consent", Phase.CONSENT_NEEDED),
        ("consented",            "asking_consent", "begun",          Phase.PREPARING),
        ("connect",              "begun",          "downloading",    Phase.CONNECTING),
        ("request_sent",         "downloading",    "downloading",    Phase.REQUESTING),
        ("bytes_arrived",        "downloading",    "downloading",    Phase.RECEIVING),
        ("connect",              "downloading",    "downloading",    Phase.CONNECTING),  # next round trip, or a retry's
        ("downloaded",           "downloading",    "installing",     Phase.INSTALLING),
        ("installed",            "installing",     "succeeded",      Phase.SUCCEEDED),
        # Shorter ways.
        ("consent_given_before", "starting",       "begun",          Phase.PREPARING),
        ("already_current",      "starting",       "succeeded",      Phase.SUCCEEDED),
        ("not_supported",        "starting",       "failed",         Phase.FAILED),
        # A failed attempt, a wait, an automatic retry.
        ("attempt_failed",       "downloading",    "waiting",        Phase.RETRY_SCHEDULED),
        ("retry_due",            "waiting",        "downloading",    Phase.RETRYING),
        ("attempts_spent",       "downloading",    "failed",         Phase.FAILED),
        ("reply_refused",        "downloading",    "failed",         Phase.FAILED),
        ("install_failed",       "installing",     "failed",         Phase.FAILED),
        # The user.
        ("refused",              "asking_consent", "declined",       Phase.DECLINED),
        ("cancel",               "starting",       "cancelled",      Phase.CANCELLED),
        ("cancel",               "asking_consent", "cancelled",      Phase.CANCELLED),
        ("cancel",               "begun",          "cancelled",      Phase.CANCELLED),
        ("cancel",               "downloading",    "cancelled",      Phase.CANCELLED),
        ("cancel",               "waiting",        "cancelled",      Phase.CANCELLED),
        # No cancel while installing: the SDK does not say what would follow, and half a component is worse than one.
        ("retry",                "failed",         "starting",       Phase.RETRYING),
        ("retry",                "cancelled",      "starting",       Phase.RETRYING),
        ("retry",                "declined",       "starting",       Phase.RETRYING),
    ),
)
# fmt: on

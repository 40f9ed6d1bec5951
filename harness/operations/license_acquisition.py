"""License acquisition: silent first, then, where the service wants it, through a page that the user completes.
A renewal is the same operation on a device that holds a license already.

Source: the SDK's WMT_LICENSEURL_SIGNATURE_STATE, WMT_NO_RIGHTS_EX, WMT_ACQUIRE_LICENSE, MonitorLicenseAcquisition.
"""

from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

# fmt: off
LICENSE_ACQUISITION = Lifecycle(
    Operation.LICENSE_ACQUISITION,
    initial="idle",
    ends={"succeeded", "failed", "cancelled", "declined"},
    rows=(
        # trigger                   source             destination        says
        ("start",                   "idle",            "checking_url",    Phase.STARTED),
        ("url_accepted",            "checking_url",    "ready",           None),
        ("connect",                 "ready",           "requesting",      Phase.CONNECTING),
        ("request_sent",            "requesting",      "requesting",      Phase.REQUESTING),
        ("bytes_arrived",           "requesting",      "requesting",      Phase.RECEIVING),
        ("connect",                 "requesting",      "requesting",      Phase.CONNECTING),  # next round trip, or a retry's
        ("license_arrived",         "requesting",      "storing",         Phase.INSTALLING),
        ("license_stored",          "storing",         "succeeded",       Phase.SUCCEEDED),
        # The license URL is unsigned or was changed: no request without the user's word.
        ("url_doubtful",            "checking_url",    "confirming_url",  Phase.CONSENT_NEEDED),
        ("consented",               "confirming_url",  "ready",           None),
        ("refused",                 "confirming_url",  "declined",        Phase.DECLINED),
        ("not_supported",           "checking_url",    "failed",          Phase.FAILED),
        ("already_licensed",        "checking_url",    "succeeded",       Phase.SUCCEEDED),  # a valid license is here
        # A failed attempt, a wait, an automatic retry.
        ("attempt_failed",          "requesting",      "waiting",         Phase.RETRY_SCHEDULED),
        ("retry_due",               "waiting",         "requesting",      Phase.RETRYING),
        ("attempts_spent",          "requesting",      "failed",          Phase.FAILED),
        ("reply_refused",           "requesting",      "failed",          Phase.FAILED),
        ("store_failed",            "storing",         "failed",          Phase.FAILED),
        # Non-silent: the user completes a page, and the client watches for the license that it leads to.
        ("page_required",           "requesting",      "page_offered",    Phase.PAGE_NEEDED),
        ("page_required",           "ready",           "page_offered",    Phase.PAGE_NEEDED),  # no silent try before
        ("page_opened",             "page_offered",    "monitoring",      Phase.MONITORING),
        ("look_again",              "monitoring",      "looking",         None),
        ("connect",                 "looking",         "looking",         Phase.CONNECTING),
        ("request_sent",            "looking",         "looking",         Phase.REQUESTING),
        ("bytes_arrived",           "looking",         "looking",         Phase.RECEIVING),
        ("still_pending",           "looking",         "monitoring",      Phase.MONITORING),
        ("license_arrived",         "looking",         "storing",         Phase.INSTALLING),
        ("reply_refused",           "looking",         "failed",          Phase.FAILED),
        ("page_abandoned",          "page_offered",    "failed",          Phase.FAILED),
        ("page_abandoned",          "monitoring",      "failed",          Phase.FAILED),
        # A look that breaks off tells nothing of the license: look again after a wait.
        ("attempt_failed",          "looking",         "waiting_to_look", Phase.RETRY_SCHEDULED),
        ("retry_due",               "waiting_to_look", "looking",         Phase.RETRYING),
        ("attempts_spent",          "looking",         "failed",          Phase.FAILED),
        # The side trip: individualize, then ask for the license again; once, or it would never end.
        ("needs_individualization", "ready",           "asking_consent",  Phase.CONSENT_NEEDED),  # the content says so
        ("needs_individualization", "requesting",      "asking_consent",  Phase.CONSENT_NEEDED),  # the service says so
        ("consented",               "asking_consent",  "individualizing", Phase.INDIVIDUALIZING),
        ("refused",                 "asking_consent",  "declined",        Phase.DECLINED),
        ("consent_given_before",    "ready",           "individualizing", Phase.INDIVIDUALIZING),
        ("consent_given_before",    "requesting",      "individualizing", Phase.INDIVIDUALIZING),
        ("upgrade_progress",        "individualizing", "individualizing", Phase.INDIVIDUALIZING),
        ("individualized",          "individualizing", "requesting",      Phase.CONNECTING),
        ("upgrade_failed",          "individualizing", "upgrade_waiting", Phase.RETRY_SCHEDULED),
        ("upgrade_due",             "upgrade_waiting", "individualizing", Phase.INDIVIDUALIZING),
        ("upgrade_given_up",        "individualizing", "failed",          Phase.FAILED),
        ("individualized_in_vain",  "requesting",      "failed",          Phase.FAILED),
        # The user. No cancel while storing: a license half installed is worse than one too many.
        ("cancel",                  "checking_url",    "cancelled",       Phase.CANCELLED),
        ("cancel",                  "confirming_url",  "cancelled",       Phase.CANCELLED),
        ("cancel",                  "ready",           "cancelled",       Phase.CANCELLED),
        ("cancel",                  "requesting",      "cancelled",       Phase.CANCELLED),
        ("cancel",                  "waiting",         "cancelled",       Phase.CANCELLED),
        ("cancel",                  "page_offered",    "cancelled",       Phase.CANCELLED),
        ("cancel",                  "monitoring",      "cancelled",       Phase.CANCELLED),
        ("cancel",                  "looking",         "cancelled",       Phase.CANCELLED),
        ("cancel",                  "waiting_to_look", "cancelled",       Phase.CANCELLED),
        ("cancel",                  "asking_consent",  "cancelled",       Phase.CANCELLED),
        ("cancel",                  "individualizing", "cancelled",       Phase.CANCELLED),
        ("cancel",                  "upgrade_waiting", "cancelled",       Phase.CANCELLED),
        ("retry",                   "failed",          "checking_url",    Phase.RETRYING),
        ("retry",                   "cancelled",       "checking_url",    Phase.RETRYING),
        ("retry",                   "declined",        "checking_url",    Phase.RETRYING),
    ),
)
# fmt: on

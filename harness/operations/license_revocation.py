"""License revocation: licenses leave this device, and the service is told until it has heard.

Source: the SDK's IWMLicenseRevocationAgent (challenge, signed LRB, ProcessLRB, acknowledgement). The removal happens before the
service learns of it, so a lost acknowledgement is the hard case. The modern variant, release, destroys first and then reports.
"""

from harness.operations.lifecycle import Lifecycle
from harness.status.operation import Operation
from harness.status.phase import Phase

# fmt: off
LICENSE_REVOCATION = Lifecycle(
    Operation.LICENSE_REVOCATION,
    initial="idle",
    ends={"succeeded", "failed", "cancelled"},
    rows=(
        # trigger                  source           destination      says
        ("start",                  "idle",          "preparing",     Phase.STARTED),
        ("connect",                "preparing",     "requesting",    Phase.CONNECTING),
        ("request_sent",           "requesting",    "requesting",    Phase.REQUESTING),
        ("bytes_arrived",          "requesting",    "requesting",    Phase.RECEIVING),
        ("connect",                "requesting",    "requesting",    Phase.CONNECTING),  # next round trip, or a retry's
        ("removal_ordered",        "requesting",    "removing",      Phase.REMOVING),
        ("removed",                "removing",      "acknowledging", Phase.ACKNOWLEDGING),
        ("connect",                "acknowledging", "acknowledging", Phase.CONNECTING),
        ("request_sent",           "acknowledging", "acknowledging", Phase.REQUESTING),
        ("bytes_arrived",          "acknowledging", "acknowledging", Phase.RECEIVING),
        ("acknowledged",           "acknowledging", "succeeded",     Phase.SUCCEEDED),
        # The modern variant, and what an earlier round left to be said.
        ("release",                "preparing",     "removing",      Phase.REMOVING),
        ("acknowledgement_owed",   "preparing",     "acknowledging", Phase.ACKNOWLEDGING),
        ("not_supported",          "preparing",     "failed",        Phase.FAILED),
        # A failed attempt, a wait, an automatic retry: for the order …
        ("attempt_failed",         "requesting",    "waiting",       Phase.RETRY_SCHEDULED),
        ("retry_due",              "waiting",       "requesting",    Phase.RETRYING),
        ("attempts_spent",         "requesting",    "failed",        Phase.FAILED),
        ("reply_refused",          "requesting",    "failed",        Phase.FAILED),
        ("remove_failed",          "removing",      "failed",        Phase.FAILED),
        # … and for the acknowledgement, which is kept whatever happens.
        ("attempt_failed",         "acknowledging", "still_owed",    Phase.RETRY_SCHEDULED),
        ("retry_due",              "still_owed",    "acknowledging", Phase.RETRYING),
        ("attempts_spent",         "acknowledging", "failed",        Phase.FAILED),
        ("reply_refused",          "acknowledging", "failed",        Phase.FAILED),
        # The user. Once licenses are removed there is nothing to call back; the client says so and goes on.
        ("cancel",                 "preparing",     "cancelled",     Phase.CANCELLED),
        ("cancel",                 "requesting",    "cancelled",     Phase.CANCELLED),
        ("cancel",                 "waiting",       "cancelled",     Phase.CANCELLED),
        ("cancel_too_late",        "acknowledging", "acknowledging", Phase.ACKNOWLEDGING),
        ("cancel_too_late",        "still_owed",    "still_owed",    Phase.ACKNOWLEDGING),
        ("retry",                  "failed",        "preparing",     Phase.RETRYING),
        ("retry",                  "cancelled",     "preparing",     Phase.RETRYING),
    ),
)
# fmt: on

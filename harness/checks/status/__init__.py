"""What a client tells its user: in time, in a legal order, true, and with a reason."""

# Registered in the order of their ids, which is the order of every report.
# isort: off
from harness.checks.status import first_status_in_time
from harness.checks.status import legal_order
from harness.checks.status import one_settling_status_a_round
from harness.checks.status import success_is_true
from harness.checks.status import honest_reason
from harness.checks.status import no_silence
from harness.checks.status import progress_never_backwards
from harness.checks.status import every_attempt_announced
from harness.checks.status import cancel_acknowledged
from harness.checks.status import code_agrees_with_phase
from harness.checks.status import failure_says_why
from harness.checks.status import retry_offer_agrees_with_reason
from harness.checks.status import failure_hides_no_success
from harness.checks.status import wait_as_announced

# isort: on

__all__ = [
    "cancel_acknowledged",
    "code_agrees_with_phase",
    "every_attempt_announced",
    "failure_hides_no_success",
    "failure_says_why",
    "first_status_in_time",
    "honest_reason",
    "legal_order",
    "no_silence",
    "one_settling_status_a_round",
    "progress_never_backwards",
    "retry_offer_agrees_with_reason",
    "success_is_true",
    "wait_as_announced",
]

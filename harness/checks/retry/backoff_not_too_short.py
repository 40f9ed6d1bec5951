"""RETRY-006: no repetition sooner than promised."""

from harness.checks.pauses import pauses
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import early_s
from harness.trace.trace import Trace


@check(
    "RETRY-006",
    title="No repetition sooner than the promised pause",
    source="google/ExoPlayer#5129: failures of a provisioning service turned into a hot loop of requests",
    needs={"wire", "retry_policy"},
)
def backoff_not_too_short(trace: Trace) -> Finding:
    """Wait between a failed attempt and the next at least as long as your policy promises for so many failures in a row.

    The pause counts from the moment at which the failure could be seen on the wire: the reply, or the end of the connection.
    The lower bound of your jitter is what is asked. What the user does in between, or a connect that fails, is not counted.
    """
    assert trace.profile.retry is not None
    judged = False
    for pause in pauses(trace):
        judged = True
        shortest, _ = trace.profile.retry.bounds_s(pause.failures_in_a_row)
        if pause.seconds < shortest - early_s(trace):
            expected = f"at least {shortest:g} s after {pause.failures_in_a_row} failed tries in a row"
            return failed(expected, f"{pause.seconds:g} s", pause.first.reply or pause.first.request, pause.again.request)
    return passed() if judged else not_applicable("nothing was repeated within a round")

"""STATUS-001: the first status of a round comes in time."""

from harness.checks.registry import Finding, check, failed, inconclusive, passed
from harness.checks.tolerance import late_s
from harness.trace.trace import Trace


@check(
    "STATUS-001",
    title="A first status follows start and each retry in time",
    source="Windows Media Format SDK, DRM network operations: the application shows the status of each operation to its user",
    needs={"status"},
)
def first_status_in_time(trace: Trace) -> Finding:
    """Report a first status soon after the user starts or retries: a user who sees nothing presses the button again.

    The limit is your profile's ``first_status``. It counts from the moment at which the user acts, not from your first
    request: say that you have begun, then begin.
    """
    limit = trace.profile.first_status
    allowed = limit + late_s(trace)
    for round_ in trace.rounds:
        first = round_.reports[0] if round_.reports else None
        waited = (first or round_.ended).at - round_.opened.at
        if waited > allowed:
            seen = f"the first came after {waited:g} s" if first else f"none in {waited:g} s"
            return failed(f"a status within {limit:g} s of round {round_.number}", seen, round_.opened, first or round_.ended)
        if first is None and (round_.number < len(trace.rounds) or round_.cut is not None):
            continue  # the user did not wait for it
        if first is None:
            return inconclusive(f"the run ended {waited:g} s after round {round_.number} was opened", round_.opened)
    return passed()

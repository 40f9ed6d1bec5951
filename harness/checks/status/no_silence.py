"""STATUS-006: no silence beyond the promised limit."""

from harness.checks.registry import Finding, check, failed, passed
from harness.checks.silence import too_long
from harness.trace.trace import Trace


@check(
    "STATUS-006",
    title="No silence beyond the promised limit while a round is open",
    source="shaka-project/shaka-player#9638; Windows Media Format SDK, DRM network operations: track status throughout",
    needs={"status"},
)
def no_silence(trace: Trace) -> Finding:
    """Give a sign of life at least as often as your profile's ``silence`` says, for as long as a round is open.

    A stalled service must not stall its user: give the attempt up in time and say so. Two waits do not count: the time that
    the user takes to answer a question of yours (consent, overwriting, a page), and a pause that you announced with its
    length (``retry_in_s``).
    """
    for round_ in trace.rounds:
        if silence := too_long(trace, round_):
            expected = f"a status at least every {trace.profile.silence:g} s"
            return failed(expected, f"round {round_.number}: {silence.seconds:g} s of silence", silence.begun, silence.over)
    return passed()

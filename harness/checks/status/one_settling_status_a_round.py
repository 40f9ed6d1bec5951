"""STATUS-003: one settling status a round, and nothing after it."""

from harness.checks.registry import Finding, check, failed, inconclusive, passed
from harness.checks.silence import is_hung
from harness.trace.trace import Trace, status_of


@check(
    "STATUS-003",
    title="One settling status a round, nothing after it",
    source="shaka-project/shaka-player#9638: a failed request left the session stuck, neither failed nor done",
    needs={"status"},
)
def one_settling_status_a_round(trace: Trace) -> Finding:
    """End each round with exactly one settling status, and say nothing more until the user acts again.

    A round is what happens from ``start``, or from a user's ``retry``, on. Without an end the user waits for ever; with two,
    the application does not know which to believe. A message that was under way when you settled, progress say, must be
    dropped, not delivered late.

    A round in which you were killed ends there. One that the world stopped watching too early is not held against you, unless
    you had been silent for longer than you promise.
    """
    for round_ in trace.rounds:
        settling = [entry for entry in round_.reports if status_of(entry).settles]
        if len(settling) > 1 or (settling and settling[0] is not round_.reports[-1]):
            after = [entry for entry in round_.reports if entry.n > settling[0].n]
            said = ", ".join(status_of(entry).phase for entry in after)
            return failed("one settling status, in last place", f"round {round_.number}: then {said}", settling[0], *after)
        if not settling and round_.cut is not None:
            continue  # killed in the midst of it
        if not settling:
            is_last = round_.number == len(trace.rounds)
            if is_last and trace.cut_short and not is_hung(trace, round_):
                return inconclusive(f"round {round_.number} was still under way when the run ended", round_.ended)
            return failed("a settling status", f"round {round_.number} never settled", round_.opened, round_.ended)
    return passed()

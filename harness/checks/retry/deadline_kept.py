"""RETRY-014: no automatic attempt begins after the promised deadline."""

from harness.checks.exchanged import is_poll, repetitions
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import late_s
from harness.trace.entry import Entry
from harness.trace.trace import Trace

TRIPS = 3
"""One-way trips between the beginning of an attempt and the arrival of its request: a connect, the request."""


@check(
    "RETRY-014",
    title="No automatic attempt after the promised deadline",
    source="RFC 9110, 10.2.3: a service may ask again and again for a wait, so that attempts alone bound no time",
    needs={"wire", "retry_policy"},
)
def deadline_kept(trace: Trace) -> Finding:
    """Begin no automatic attempt later than your policy's ``deadline`` after the round began: this is the budget of time.

    A number of attempts bounds no time: a service that asks for two minutes each time holds a user up for as long as it likes.
    If the next attempt would begin too late, end the round now, not after a wait in vain. What the user does opens a new round.
    Looks for a license that the user's page leads to have a limit of their own (ACQUIRE-004).
    """
    assert trace.profile.retry is not None
    deadline_s = trace.profile.retry.deadline
    allowed_s = deadline_s + late_s(trace) + TRIPS * trace.head.scenario.world.longest_trip_s
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for _, again in repetitions(trace, round_):
            if is_poll(again):
                continue
            begun_s = again.request.at - round_.opened.at
            if begun_s > allowed_s:
                expected = f"no automatic attempt later than {deadline_s:g} s after the round began"
                return failed(expected, f"one after {begun_s:g} s", round_.opened, again.request)
            judged.append(again.request)
    return passed(*judged) if judged else not_applicable("nothing was repeated within a round")

"""RETRY-013: no repetition later than promised."""

from harness.checks.exchanged import is_poll
from harness.checks.pauses import pauses
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import is_exact, late_s
from harness.trace.trace import Trace

TRIPS = 6
"""One-way trips between a failure and the next request, at most: the news of it, a connect, the request."""


@check(
    "RETRY-013",
    title="No repetition later than the promised pause",
    level="should",
    source="androidx/media#2404: a renewal that is not retried in time stops playback",
    needs={"wire", "retry_policy"},
)
def backoff_not_too_long(trace: Trace) -> Finding:
    """Try again no later than your policy promises; a license may run out meanwhile.

    The upper bound of your jitter is what is asked, for as many failures as the round has seen. Only judged in the
    simulated network, where nothing else can hold you up, and not after a ``Retry-After``. A reply that crawls through a
    small window is still arriving until its last piece has had the time for its round trip. Of several contents that are
    needed at once, you may wait for the others first. Looks for a license that the user's page leads to come as often as
    you like.
    """
    assert trace.profile.retry is not None
    if not is_exact(trace):
        return not_applicable("on real sockets a busy machine may hold up anybody")
    world = trace.head.scenario.world
    slack = late_s(trace) + TRIPS * world.longest_trip_s
    judged = False
    for pause in pauses(trace):
        answered = pause.first.answered
        if is_poll(pause.first) or (answered is not None and answered.retry_after_s is not None):
            continue
        judged = True
        _, longest = trace.profile.retry.bounds_s(pause.failures_in_round)
        transfer_s = (answered.sent_bytes // world.window if answered is not None else 0) * 2 * world.longest_trip_s
        if pause.idle_s > longest + slack + transfer_s:
            expected = f"at most {longest:g} s after {pause.failures_in_round} failed tries"
            return failed(expected, f"{pause.idle_s:g} s", pause.first.reply or pause.first.request, pause.again.request)
    return passed() if judged else not_applicable("nothing was repeated within a round")

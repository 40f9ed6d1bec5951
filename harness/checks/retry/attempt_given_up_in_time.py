"""RETRY-015: an attempt that gets no answer is given up in time."""

from harness.checks.exchanged import over_at_s
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.checks.tolerance import late_s
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "RETRY-015",
    title="An attempt that gets no answer is given up in time",
    source="google/ExoPlayer#8241: a license request without a time limit leaves the player waiting for ever",
    needs={"wire", "retry_policy"},
)
def attempt_given_up_in_time(trace: Trace) -> Finding:
    """Give an attempt up once it has lasted for your policy's ``attempt_timeout``, and close its connection.

    A stalled service, or a firewall that forgot the connection, says nothing at all: only your own clock ends it. Counted from
    the request's arrival, which is later than the beginning of the attempt; redirects belong to the attempt.
    """
    assert trace.profile.retry is not None
    limit_s = trace.profile.retry.attempt_timeout
    allowed_s = limit_s + late_s(trace) + trace.head.scenario.world.longest_trip_s
    judged: list[Entry] = []
    for exchanged in trace.exchanges:
        if not _had_to_end(trace, exchanged, allowed_s):
            continue
        over_s = over_at_s(trace, exchanged)
        end = trace.closings.get(exchanged.asked.connection) or exchanged.reply or trace.entries[-1]
        lasted_s = (over_s if over_s is not None else trace.entries[-1].at) - exchanged.request.at
        if lasted_s <= allowed_s and over_s is None:
            return inconclusive("the run ended before the attempt had to be given up", exchanged.request)
        if lasted_s > allowed_s:
            how = "under way for" if over_s is None else "given up after"
            return failed(f"given up after {limit_s:g} s", f"{how} {lasted_s:g} s", exchanged.request, end)
        judged.append(exchanged.request)
    return passed(*judged) if judged else not_applicable("every request was answered in time")


def _had_to_end(trace: Trace, exchanged: Exchanged, allowed_s: float) -> bool:
    """Whether no whole reply went out in time, so that only the client could end the attempt, or a fault."""
    reply, answered = exchanged.reply, exchanged.answered
    return reply is None or answered is None or not answered.complete or reply.at - exchanged.request.at > allowed_s

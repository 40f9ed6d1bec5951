"""RETRY-012: no hot loop."""

from collections.abc import Sequence

from harness.checks.exchanged import by_content
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Trace

MOST = 10
WINDOW_S = 1.0


@check(
    "RETRY-012",
    title="No hot loop of requests, whatever is promised",
    source="google/ExoPlayer#5129: intermittent provisioning failures became an endless loop of requests",
    needs={"wire"},
)
def no_hot_loop(trace: Trace) -> Finding:
    """Send no more than ten requests for one content within one second of a round, whatever your profile says.

    No operation needs as many: this is a client that spins on a failing service and takes it down for everybody. Where eighteen
    keys are needed at once, eighteen requests for them are no loop; eighteen for one of them are. Redirects have a bound of
    their own and do not count.
    """
    if not trace.exchanges:
        return not_applicable("no request was made")
    for round_ in trace.rounds:
        for series in by_content(trace.exchanges_in(round_)):
            requests = [exchanged.request for exchanged in series]
            if burst := _burst(requests):
                return failed(f"at most {MOST} requests in {WINDOW_S:g} s", f"{len(burst)} or more", *burst)
    return passed()


def _burst(requests: Sequence[Entry]) -> Sequence[Entry]:
    """The first requests that are too many for their time; empty if there are none."""
    bursts = (requests[place : place + MOST + 1] for place in range(len(requests) - MOST))
    return next((burst for burst in bursts if burst[-1].at - burst[0].at < WINDOW_S), ())

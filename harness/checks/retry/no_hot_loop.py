"""RETRY-012: no hot loop."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
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
    """Send no more than ten requests within one second of a round, whatever your profile says.

    No operation needs as many: this is a client that spins on a failing service and takes it down for everybody. Redirects
    have a bound of their own and do not count.
    """
    if not trace.exchanges:
        return not_applicable("no request was made")
    for round_ in trace.rounds:
        requests = [exchanged.request for exchanged in trace.exchanges_in(round_)]
        for place in range(len(requests) - MOST):
            burst = requests[place : place + MOST + 1]
            if burst[-1].at - burst[0].at < WINDOW_S:
                return failed(f"at most {MOST} requests in {WINDOW_S:g} s", f"{len(burst)} or more", *burst)
    return passed()

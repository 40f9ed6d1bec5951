"""RETRY-008: attempts never overlap."""

from collections import defaultdict
from itertools import pairwise

from harness.checks.exchanged import over_at_s
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import crossing_s
from harness.trace.trace import Exchanged, Trace


@check(
    "RETRY-008",
    title="Attempts of one exchange never overlap",
    source="shaka-project/shaka-player#5176: with a slow network a second request went out while the first was under way",
    needs={"wire"},
)
def attempts_do_not_overlap(trace: Trace) -> Finding:
    """Give an attempt up for good before you make the next: close its connection, or wait for its reply.

    An attempt that only timed out inside you is still under way for the service. Two at once may be served twice, and the later
    reply may belong to the earlier request. This holds across rounds too: a cancel ends the attempt as well. Requests for
    different contents may be under way together; two for the same content may not. Forgiven is only what the way itself can
    change in the order of a close and the next request: the link's jitter, or thirty milliseconds between two processes.
    """
    by_wish: defaultdict[tuple[str, str], list[Exchanged]] = defaultdict(list)
    for exchanged in trace.exchanges:
        for content in exchanged.contents or ("",):
            by_wish[exchanged.asked.exchange, content].append(exchanged)
    pairs = [pair for exchanges in by_wish.values() for pair in pairwise(exchanges)]
    if not pairs:
        return not_applicable("no exchange took place twice")
    for first, second in pairs:
        if first.veiled:
            continue  # given up unheard, perhaps
        over_s = over_at_s(trace, first)
        if over_s is None or over_s > second.request.at + crossing_s(trace):
            observed = f"{second.asked.exchange} number {second.asked.nth} while number {first.asked.nth} was open"
            return failed("one attempt at a time", observed, first.request, second.request)
    return passed()

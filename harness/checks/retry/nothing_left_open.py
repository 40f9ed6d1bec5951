"""RETRY-011: nothing is left open after the end."""

from harness.checks.exchanged import over_at_s
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import LOOPBACK_LATE_S
from harness.trace.entry import Entry, RunEnded
from harness.trace.trace import Trace


@check(
    "RETRY-011",
    title="Nothing is left open after the end",
    level="should",
    source="W3C Encrypted Media Extensions, MediaKeySession close(): a closed session sends and awaits no more messages",
    needs={"outcome", "wire"},
)
def nothing_left_open(trace: Trace) -> Finding:
    """Give up every request that is still under way when you settle, and leave no connection behind when you end.

    An idle connection may be kept for the next operation, as long as it is closed in the end. A moment to close is granted,
    also in virtual time.
    """
    settled = [round_ for round_ in trace.rounds if round_.settled is not None]
    if not settled:
        return not_applicable("no round settled")
    for round_ in settled:
        assert round_.settled is not None
        for exchanged in trace.exchanges_in(round_):
            over_s = over_at_s(trace, exchanged)
            if exchanged.request.n > round_.settled.n:
                continue  # another check's matter
            if exchanged.veiled:
                continue  # given up unheard, perhaps
            if over_s is None or over_s > round_.settled.at + LOOPBACK_LATE_S:
                observed = f"{exchanged.asked.exchange} still open"
                return failed("every request given up at the end", observed, exchanged.request, round_.settled)
    return _at_the_end(trace)


def _at_the_end(trace: Trace) -> Finding:
    ends: list[tuple[Entry, RunEnded]] = list(trace.of(RunEnded))
    for entry, ended in ends:
        if ended.open_connections and not trace.cut_off:  # else the goodbye of some may never have arrived
            return failed("no connection left", f"{ended.open_connections} still open", entry)
    return passed()

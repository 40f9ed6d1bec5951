"""STATUS-014: an announced wait lasts as long as was said."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import early_s, late_s
from harness.status.phase import Phase
from harness.trace.entry import Entry, StatusReported, UserActed
from harness.trace.trace import Round, Trace, status_of

SIGNS = frozenset({"request_received", "connection_opened", "connection_refused", "status_reported"})
"""What shows that the next attempt has begun, whichever comes first."""

READINESS = frozenset({"connection_opened", "connection_refused"})
"""What may also come before: a pool of connections that replaces one which was closed (seen with undici)."""

TRIPS = 3
"""One-way trips until a request can be seen: a connect, the request."""


@check(
    "STATUS-014",
    title="An announced wait lasts as long as was said",
    source="Dash-Industry-Forum/dash.js#2808: an application that shows a countdown has to rely on it",
    needs={"status"},
)
def wait_as_announced(trace: Trace) -> Finding:
    """Begin the next attempt when ``retry_in_s`` of your ``retry_scheduled`` is over: not sooner, and not later.

    Users see a countdown, and an application decides by it whether it shows a spinner or a message. The next sign of an
    attempt counts, whatever it is: a status, a connection, a request; a connection that is opened before, and says nothing yet,
    is none. What the user does meanwhile ends the wait. On real
    sockets a busy machine is forgiven; where several contents are needed at once, each may have a wait of its own, and none
    is judged.
    """
    if trace.head.scenario.given.also:
        return not_applicable("several contents are needed at once")
    trips_s = TRIPS * trace.head.scenario.world.longest_trip_s
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for announced in round_.reports:
            promised_s = status_of(announced).retry_in_s
            if status_of(announced).phase is not Phase.RETRY_SCHEDULED or promised_s is None:
                continue
            sign = _next_sign(round_, announced, announced.at + promised_s - early_s(trace))
            if sign is None:
                continue
            waited_s = sign.at - announced.at
            if not promised_s - early_s(trace) <= waited_s <= promised_s + late_s(trace) + trips_s:
                return failed(f"{promised_s:g} s, as announced", f"{waited_s:g} s", announced, sign)
            judged.append(announced)
    return passed(*judged) if judged else not_applicable("no wait was announced with its length and seen to its end")


def _next_sign(round_: Round, announced: Entry, due: float) -> Entry | None:
    """What comes after the wait; None if the user ended it, or the round settled, or nothing was seen.

    Args:
        due: The moment from which on a connection belongs to the next attempt.
    """
    for entry in round_.entries:
        if entry.n <= announced.n:
            continue
        if isinstance(entry.what, UserActed):
            return None
        if entry.what.kind in READINESS and entry.at < due:
            continue
        if entry.what.kind in SIGNS:
            settles = isinstance(entry.what, StatusReported) and entry.what.status.settles
            return None if settles else entry
    return None

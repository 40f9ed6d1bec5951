"""RETRY-009: no request after a cancel or a settling status."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.removal import TELLS_OF_REMOVAL
from harness.checks.tolerance import late_s, under_way_s
from harness.trace.entry import Entry
from harness.trace.trace import Round, Trace


@check(
    "RETRY-009",
    title="No request after a cancel or a settling status, until the user retries",
    source="Dash-Industry-Forum/dash.js#2808: retries that could not be turned off",
    needs={"outcome", "wire"},
)
def quiet_after_the_end(trace: Trace) -> Finding:
    """Send nothing more once the round has settled, or once the user has cancelled it, until the user retries.

    What you sent just before may still be under way. One thing may go on after a cancel: telling the service of licenses that
    are removed already.
    """
    bounds = [bound for round_ in trace.rounds for bound in _bounds(trace, round_)]
    if not bounds:
        return not_applicable("no round settled and none was cancelled")
    for round_, end, grace_s in bounds:
        for exchanged in trace.exchanges_in(round_):
            request = exchanged.request
            is_owed = end is not round_.settled and exchanged.asked.exchange in TELLS_OF_REMOVAL
            if request.n > end.n and request.at > end.at + grace_s and not is_owed:
                after = "the round had settled" if end is round_.settled else "the user's cancel"
                observed = f"{exchanged.asked.exchange} {request.at - end.at:g} s after {after}"
                return failed("no request", observed, end, request)
    return passed()


def _bounds(trace: Trace, round_: Round) -> list[tuple[Round, Entry, float]]:
    """Each entry of a round after which there should be quiet, and how long the quiet may take to come."""
    settled = round_.settled
    cancels = [cancel for cancel in round_.acts("cancel") if settled is None or cancel.n < settled.n]
    bounds = [(round_, cancel, under_way_s(trace) + late_s(trace)) for cancel in cancels]
    return bounds if settled is None else [*bounds, (round_, settled, under_way_s(trace))]

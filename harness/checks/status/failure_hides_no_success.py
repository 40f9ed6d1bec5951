"""STATUS-013: a failure does not hide a success."""

from harness.checks.exchanged import was_read
from harness.checks.goals import grants
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import is_exact
from harness.status.operation import Operation
from harness.status.reason import Reason
from harness.trace.entry import Entry, RightsHeld
from harness.trace.trace import Exchanged, Round, Trace, held_by, is_status, status_of

NOT_OF_THE_REPLY = frozenset({Reason.TIMED_OUT, Reason.STORAGE_FAILED})
"""A time limit for the whole round may end it at any moment, and a device may be full."""

JUDGED = {Operation.INDIVIDUALIZATION, Operation.LICENSE_ACQUISITION, Operation.LICENSE_RESTORE}


@check(
    "STATUS-013",
    title="A failure does not hide a success",
    source="shaka-project/shaka-player#5176: what the page was told and what had been done differed with the network's speed",
    needs={"outcome", "rights"},
    operations=JUDGED,
)
def failure_hides_no_success(trace: Trace) -> Finding:
    """Do not report failure of an operation that gave the device all that it was for.

    Judged by what you hold yourself: if the license (component, restored licenses) was not there before the round and is there
    after it, the round did not fail. A user who is told otherwise tries again, pays again, or uses up a restore.

    An acquisition is judged by the wire, too: a license that came whole and undisturbed, in answer to the last request of the
    round, was there to be taken. An HTTP library may throw it away behind your back, if it asks for the rest of a reply
    (``Range``) that had broken off before.

    A round before which the device held it all, a renewal say, cannot be told apart and is not judged.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        around = trace.rights_around(round_)
        if around is None or round_.outcome != "failed" or _has_it(trace, held_by(around[0])):
            continue
        if _has_it(trace, held_by(around[1])):
            return failed("succeeded, since the device now has it", "failed", *around)
        if (thrown_away := _thrown_away(trace, round_)) is not None and round_.settled is not None:
            seen = "failed, though a license came whole in answer to the last request"
            return failed("succeeded", seen, thrown_away.request, *filter(None, [thrown_away.reply]), round_.settled)
        judged += around
    return passed(*judged) if judged else not_applicable("nothing failed of which the rights before and after are known")


def _thrown_away(trace: Trace, round_: Round) -> Exchanged | None:
    """The last exchange of an acquisition's round, if it brought the only license and nothing disturbed it."""
    exchanges = trace.exchanges_in(round_)
    scenario = trace.head.scenario
    if scenario.operation is not Operation.LICENSE_ACQUISITION or scenario.given.also or not exchanges:
        return None
    last, settled = exchanges[-1], round_.settled
    if last not in grants(trace) or not was_read(last) or last.faults or last.reply is None or settled is None:
        return None
    if is_status(settled) and status_of(settled).reason in NOT_OF_THE_REPLY:
        return None
    under_way_s = trace.head.scenario.world.longest_trip_s if is_exact(trace) else 0.0
    closing = trace.closings.get(last.asked.connection)
    gone_s = settled.at if closing is None else min(settled.at, closing.at)
    return last if last.reply.at + under_way_s <= gone_s else None


def _has_it(trace: Trace, held: RightsHeld) -> bool:
    given = trace.head.scenario.given
    match trace.head.scenario.operation:
        case Operation.INDIVIDUALIZATION:
            return held.individualized
        case Operation.LICENSE_ACQUISITION:
            return set(given.wanted) <= set(held.licenses)
        case _:
            wanted = set(given.backup or ()) - set(given.unrestorable)
            return bool(wanted) and wanted <= set(held.licenses)

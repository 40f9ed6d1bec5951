"""STATUS-013: a failure does not hide a success."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import Entry, RightsHeld
from harness.trace.trace import Trace, held_by

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

    A round before which the device held it all, a renewal say, cannot be told apart and is not judged.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        around = trace.rights_around(round_)
        if around is None or round_.outcome != "failed" or _has_it(trace, held_by(around[0])):
            continue
        if _has_it(trace, held_by(around[1])):
            return failed("succeeded, since the device now has it", "failed", *around)
        judged += around
    return passed(*judged) if judged else not_applicable("nothing failed of which the rights before and after are known")


def _has_it(trace: Trace, held: RightsHeld) -> bool:
    given = trace.head.scenario.given
    match trace.head.scenario.operation:
        case Operation.INDIVIDUALIZATION:
            return held.individualized
        case Operation.LICENSE_ACQUISITION:
            return given.content in held.licenses
        case _:
            wanted = set(given.backup or ()) - set(given.unrestorable)
            return bool(wanted) and wanted <= set(held.licenses)

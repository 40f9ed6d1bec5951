"""SAFETY-004: an operation that does not succeed leaves the rights as they were."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import Entry, RightsHeld
from harness.trace.trace import Trace, held_by


@check(
    "SAFETY-004",
    title="What the device holds is unchanged unless the operation succeeds",
    source="androidx/media#2404: a renewal that failed must not cost the license that was there",
    needs={"outcome", "rights"},
    operations={
        Operation.INDIVIDUALIZATION,
        Operation.LICENSE_ACQUISITION,
        Operation.LICENSE_BACKUP,
        Operation.LICENSE_RESTORE,
    },
)
def rights_unchanged(trace: Trace) -> Finding:
    """Store all or nothing. After a failed, cancelled, declined or blocked round you hold what you held before it.

    A renewal that fails leaves the old license; a restore that breaks off leaves no half of a backup. One gain is allowed: an
    individualization that succeeded on the way stays, even if the license that it was for was refused. And of several licenses
    that are needed at once, each may be stored by itself. A revocation has a rule
    of its own, since it removes before it reports.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        around = trace.rights_around(round_)
        if around is None or round_.outcome == "succeeded":
            continue
        if changed := _changes(trace, held_by(around[0]), held_by(around[1])):
            return failed(f"nothing changed by a round that ended {round_.outcome}", changed, *around)
        judged += around
    return passed(*judged) if judged else not_applicable("no round failed of which the rights before and after are known")


def _changes(trace: Trace, before: RightsHeld, after: RightsHeld) -> str:
    """What changed, in words; empty if nothing did that should not."""
    lost = sorted(set(before.licenses) - set(after.licenses))
    given = trace.head.scenario.given
    gained = sorted(set(after.licenses) - set(before.licenses) - set(given.wanted if given.also else ()))
    was_its_own_purpose = trace.head.scenario.operation is Operation.INDIVIDUALIZATION
    said = {
        f"lost: {', '.join(lost)}": bool(lost),
        f"gained: {', '.join(gained)}": bool(gained),
        "the device's component is gone": before.individualized and not after.individualized,
        "the device is individualized": was_its_own_purpose and after.individualized and not before.individualized,
    }
    return "; ".join(words for words, is_so in said.items() if is_so)

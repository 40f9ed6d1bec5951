"""STATUS-009: a cancel is acknowledged."""

from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.checks.removal import removal_began
from harness.checks.tolerance import late_s
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Trace


@check(
    "STATUS-009",
    title="A cancel settles the round in time",
    source="Windows Media Format SDK: CancelIndividualization, CancelLicenseAcquisition, CancelLicenseBackup, …Restore",
    needs={"outcome"},
)
def cancel_acknowledged(trace: Trace) -> Finding:
    """Settle the round within your profile's ``cancel`` once the user cancels: normally as ``cancelled``.

    Another settling status is as good if it is true: the operation may have ended just then, or be past the point where it can
    be called back (a license half installed is worse than one too many). One thing goes on in spite of a cancel: once licenses
    have been removed, the acknowledgement of a revocation, since the removal cannot be undone.
    """
    limit = trace.profile.cancel
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for cancel in round_.acts("cancel"):
            settled = round_.settled
            if settled is not None and settled.n < cancel.n:
                continue  # too late to matter
            if trace.head.scenario.operation is Operation.LICENSE_REVOCATION and removal_began(trace, cancel):
                continue
            if settled is None and round_.cut is not None:
                continue  # killed before it could say so
            took = (settled or round_.ended).at - cancel.at
            if took > limit + late_s(trace):
                seen = f"settled after {took:g} s" if settled else f"not settled in {took:g} s"
                return failed(f"settled within {limit:g} s of the cancel", seen, cancel, settled or round_.ended)
            if settled is None:
                return inconclusive(f"the run ended {took:g} s after the cancel", cancel)
            judged.append(cancel)
    return passed(*judged) if judged else not_applicable("no cancel came while it could count")

"""BACKUP-002: a backup that stands there is replaced only if the user agreed."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import UserActed
from harness.trace.trace import Trace


@check(
    "BACKUP-002",
    title="A backup that stands there is replaced only if the user agreed",
    source="Windows Media Format SDK, BackupLicenses: without WM_BACKUP_OVERWRITE an existing backup is NS_E_DRM_BACKUP_EXISTS",
    needs={"outcome"},
    operations={Operation.LICENSE_BACKUP},
)
def backup_kept_unless_agreed(trace: Trace) -> Finding:
    """Do not replace an earlier backup before the application or the user said yes, and so do not call a new one done.

    What the earlier one holds may be nowhere else. A yes holds for the rest of the run; a no is no yes for the user's next try.
    """
    scenario = trace.head.scenario
    if scenario.given.backup is None or scenario.settings.overwrite:
        return not_applicable("nothing was there" if scenario.given.backup is None else "the application had agreed beforehand")
    agreed = next((entry for entry, acted in trace.of(UserActed) if acted.do == "overwrite"), None)
    for exchanged in trace.exchanges:
        if exchanged.asked.exchange == "backup" and (agreed is None or exchanged.request.n < agreed.n):
            return failed(
                "the user's yes to replacing the backup", "a request to store the new one before it", exchanged.request
            )
    for round_ in trace.rounds:
        settled = round_.settled
        if round_.outcome == "succeeded" and settled is not None and (agreed is None or settled.n < agreed.n):
            return failed("the user's yes to replacing the backup", "a new one called done without it", settled)
    return passed(agreed) if agreed is not None else passed()

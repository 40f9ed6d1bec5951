"""BACKUP-001: a license that may not be backed up is named."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.trace.entry import Entry
from harness.trace.trace import Trace, is_status, status_of


@check(
    "BACKUP-001",
    title="A license that was left out of the backup is mentioned",
    source="Windows Media Format SDK, WMT_RESTRICTED_LICENSE: tell the user that some licenses were not saved",
    needs={"status"},
    operations={Operation.LICENSE_BACKUP},
)
def restricted_license_named(trace: Trace) -> Finding:
    """Do not call a backup plainly done that lacks a license whose issuer does not allow it to be backed up.

    Say ``license_skipped`` on the way, or settle with the reason ``licenses_restricted``. The user otherwise learns of it on
    the new computer, when it is too late.
    """
    given = trace.head.scenario.given
    left_out = [content for content in given.licenses if content in given.restricted]
    if not left_out:
        return not_applicable("every license may be backed up")
    judged: list[Entry] = []
    for round_ in trace.rounds:
        settled = round_.settled
        if settled is None or round_.outcome != "succeeded" or not is_status(settled):
            continue
        said = [e for e in round_.reports if status_of(e).phase is Phase.LICENSE_SKIPPED]
        if not said and status_of(settled).reason is not Reason.LICENSES_RESTRICTED:
            return failed(f"a word on what was left out ({', '.join(left_out)})", "plain success", settled)
        judged += [*said, settled]
    return passed(*judged) if judged else not_applicable("no backup succeeded")

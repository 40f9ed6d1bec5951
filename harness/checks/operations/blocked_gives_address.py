"""RESTORE-003: blocked gives the address where the user must go, and offers no retry."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.trace import Trace, status_of


@check(
    "RESTORE-003",
    title="Blocked gives an address and offers no retry",
    source="Windows Media Format SDK, WMT_ERROR_WITHURL and NS_E_DRM_RESTORE_FRAUD: the user must go to the distributor",
    needs={"status"},
    operations={Operation.LICENSE_RESTORE},
)
def blocked_gives_address(trace: Trace) -> Finding:
    """Send a user who is past the restore limit to the address that the service gave. Do not offer to retry: it never helps."""
    blocked = [entry for entry in trace.statuses if status_of(entry).phase is Phase.BLOCKED]
    if not blocked:
        return not_applicable("nothing was blocked")
    for entry in blocked:
        if not status_of(entry).url:
            return failed("the address where the user must go", "none", entry)
        if status_of(entry).retryable:
            return failed("no offer to retry", "retryable: true", entry)
    return passed(*blocked)

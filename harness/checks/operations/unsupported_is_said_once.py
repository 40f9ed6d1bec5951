"""INDIV-002: an operation that cannot work here says so once, and leaves it at that."""

from fake_servers.journal import RequestReceived
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.reason import Reason
from harness.trace.trace import Trace, is_status, status_of


@check(
    "INDIV-002",
    title="Where DRM is absent, one honest failure and no request",
    source="Windows Media Format SDK, DRM network operations: DRM is not part of the 64-bit SDK",
    needs={"status", "wire"},
)
def unsupported_is_said_once(trace: Trace) -> Finding:
    """Say ``not_supported`` at once where the operation cannot work on this machine: no request, no offer to retry.

    No network was involved, so none is to blame, and no second try can help.
    """
    if trace.head.scenario.settings.supported:
        return not_applicable("the operation is supported here")
    for entry, request in trace.of(RequestReceived):
        return failed("no request", f"{request.exchange} was asked for", entry)
    for round_ in trace.rounds:
        settled = round_.settled
        if settled is None or not is_status(settled):
            return failed("failed, not_supported", "no settling status", round_.opened, round_.ended)
        status = status_of(settled)
        if round_.outcome != "failed" or status.reason is not Reason.NOT_SUPPORTED:
            return failed("failed, not_supported", f"{status.phase}, {status.reason or 'no reason'}", settled)
        if status.retryable:
            return failed("no offer to retry", "retryable: true", settled)
    return passed()

"""REVOKE-001: an acknowledgement is owed until the service has it."""

from harness.checks.goals import grants
from harness.checks.refusal import is_refusal
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.removal import acknowledgements
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.entry import Entry
from harness.trace.trace import Trace, is_status, status_of


@check(
    "REVOKE-001",
    title="The acknowledgement is owed until the service has it",
    source="Windows Media Format SDK, Implementing license revocation: ProcessLRB removes licenses, then the server is told",
    needs={"outcome", "wire"},
    operations={Operation.LICENSE_REVOCATION},
)
def acknowledgement_is_owed(trace: Trace) -> Finding:
    """Once licenses are removed, tell the service until it has heard, or fail in a way that lets the user try again.

    Until then you may neither succeed nor call it cancelled: the removal cannot be undone, and a service that does not know of
    it may refuse the user a license elsewhere. Only a service that refuses the acknowledgement for good ends the debt.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        settled = round_.settled
        if settled is None:
            continue
        owed = _owed_since(trace, settled)
        if owed is None:
            continue
        if any(granted.reply is not None and granted.reply.n < settled.n for granted in grants(trace)):
            judged.append(settled)
            continue
        if round_.outcome in ("succeeded", "cancelled"):
            return failed("the acknowledgement delivered first", f"{round_.outcome} without it", owed, settled)
        told = [exchanged for exchanged in acknowledgements(trace) if exchanged.request.n < settled.n]
        is_refused = bool(told) and is_refusal(told[-1])
        if is_status(settled) and status_of(settled).retryable is False and not is_refused:
            return failed("failed, and the user may retry", "retryable: false", owed, settled)
        judged.append(settled)
    return passed(*judged) if judged else not_applicable("no acknowledgement was owed")


def _owed_since(trace: Trace, until: Entry) -> Entry | None:
    """The first sign that the removal was done: the client said so, or told the service."""
    said = [entry for entry in trace.statuses if status_of(entry).phase is Phase.ACKNOWLEDGING]
    told = [exchanged.request for exchanged in acknowledgements(trace)]
    return min((entry for entry in (*said, *told) if entry.n < until.n), key=lambda entry: entry.n, default=None)

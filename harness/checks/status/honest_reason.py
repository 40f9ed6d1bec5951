"""STATUS-005: the reason is one that what happened allows."""

from harness.checks.honesty import honest_reasons
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.phase import Phase
from harness.trace.trace import Round, Trace, status_of


@check(
    "STATUS-005",
    title="The reason is one that what happened allows",
    source="Dash-Industry-Forum/dash.js#4690: network trouble, a failing server and a refusal all looked the same",
    needs={"status", "wire"},
)
def honest_reason(trace: Trace) -> Finding:
    """Name a reason that fits what you met: a lost connection is no refusal, and a refusal is no lost connection.

    Whatever happened in the round may be named, not only the last of it. Several reasons are honest where a client cannot tell
    them apart: a reset and a close look alike in the middle of a reply, and a silent service looks like a lost connection.
    ``unknown`` is never a lie; whether it is enough is asked by STATUS-011.
    """
    reasoned = [(round_, entry) for round_ in trace.rounds for entry in round_.reports if status_of(entry).reason is not None]
    if not reasoned:
        return not_applicable("the client named no reason")
    for round_, entry in reasoned:
        status = status_of(entry)
        allowed = honest_reasons(trace, round_, entry)
        if _looks_back(status.phase):
            allowed = allowed.union(*(honest_reasons(trace, earlier, entry) for earlier in _before(trace, round_)))
        if status.reason not in allowed:
            expected = f"one of: {', '.join(sorted(allowed))}"
            return failed(expected, f"{status.phase} with reason {status.reason}", round_.opened, entry)
    return passed()


def _looks_back(phase: Phase) -> bool:
    """Whether it may still speak of an earlier round: ``retrying`` may say why the user had to retry."""
    return not phase.settles and phase is not Phase.RETRY_SCHEDULED


def _before(trace: Trace, round_: Round) -> tuple[Round, ...]:
    return trace.rounds[: round_.number - 1]

"""RETRY-001: after a failure that may pass, the user may try again."""

from harness.checks.exchanged import by_content
from harness.checks.honesty import by_the_situation, causes
from harness.checks.refusal import is_refusal
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Round, Trace, is_status, status_of


@check(
    "RETRY-001",
    title="A retry is offered after a failure that may pass",
    source="Windows Media Format SDK, DRM network operations: if the first try fails, let the user try again",
    needs={"status", "wire"},
)
def retry_offered(trace: Trace) -> Finding:
    """Let the user try again after trouble that may pass: a broken connection, silence, a failing or a busy service.

    Judged by the last thing that went wrong in the round. Fail with ``retryable: true``; a client that says nothing of retrying
    is not accused, since its application can still offer it. After a refusal for good no offer is asked for, nor where the
    client ends for a reason that no retry changes and the situation gives (DRM is absent), whatever the network did meanwhile.
    """
    judged: list[Entry] = []
    for_good = {reason for reason in by_the_situation(trace) if not reason.retryable}
    for round_ in trace.rounds:
        settled = round_.settled
        if settled is None or round_.outcome != "failed" or not is_status(settled) or status_of(settled).reason in for_good:
            continue
        seen = causes(trace, round_, settled)
        if not seen or not all(reason.retryable for reason in seen[-1].reasons) or _one_was_refused(trace, round_):
            continue
        if status_of(settled).retryable is False:
            named = " or ".join(sorted(seen[-1].reasons))
            return failed(f"a retry offered after {named}", "retryable: false", seen[-1].entry, settled)
        judged.append(settled)
    return passed(*judged) if judged else not_applicable("no round failed because of something that may pass")


def _one_was_refused(trace: Trace, round_: Round) -> bool:
    """Whether, of several contents that were needed at once, one was refused for good: then the rest is of no help."""
    last = [series[-1] for series in by_content(trace.exchanges_in(round_)) if series]
    return len(last) > 1 and any(map(is_refusal, last))

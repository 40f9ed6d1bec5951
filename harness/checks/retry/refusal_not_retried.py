"""RETRY-004: a refusal for good is not retried automatically."""

from harness.checks.exchanged import repetitions
from harness.checks.refusal import is_refusal
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.trace import Trace


@check(
    "RETRY-004",
    title="A refusal for good is not retried automatically",
    source="Windows Media Format SDK, error codes: NS_E_DRM_INDIV_FRAUD, NS_E_DRM_RESTORE_FRAUD, NS_E_DRM_APPCERT_REVOKED",
    needs={"wire"},
)
def refusal_not_retried(trace: Trace) -> Finding:
    """Do not repeat by yourself what was refused for good: denied, revoked, past the restore limit, today's quota used up,
    or an HTTP status 4xx other than 408, 425 and 429.

    The same request is refused again, and each try may count against the user. The user may retry; you may not, within the
    round. Asking again after another step (individualization, a page) is not meant.
    """
    refused = [exchanged for exchanged in trace.exchanges if is_refusal(exchanged)]
    if not refused:
        return not_applicable("nothing was refused for good")
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            if is_refusal(first):
                answered = first.answered
                what = f"{answered.answer}, status {answered.status}" if answered else "refused"
                evidence = [entry for entry in (first.reply, again.request) if entry is not None]
                return failed("no repetition in the same round", f"{again.asked.exchange} asked again after {what}", *evidence)
    return passed(*(exchanged.request for exchanged in refused))

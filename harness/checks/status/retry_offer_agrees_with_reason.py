"""STATUS-012: whether a retry is offered agrees with the reason given."""

from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.phase import Phase
from harness.trace.trace import Trace, status_of

JUDGED = (Phase.FAILED, Phase.CANCELLED, Phase.DECLINED)


@check(
    "STATUS-012",
    title="Whether a retry is offered agrees with the reason",
    source="Windows Media Format SDK, error codes: the texts say 'try again later', 'tomorrow', or 'contact support'",
    needs={"status"},
)
def retry_offer_agrees_with_reason(trace: Trace) -> Finding:
    """Offer a retry where your own reason says that one can help, and not where it says that none can.

    What each reason advises stands in one table (`drm-harness list reasons`). A refusal for good offered again sends the user
    in circles; trouble with the network without an offer leaves the user stuck. A status that leaves ``retryable`` out is not
    judged.
    """
    judged = False
    for entry in trace.statuses:
        status = status_of(entry)
        if status.phase not in JUDGED or status.reason is None or status.retryable is None:
            continue
        judged = True
        if status.retryable != status.reason.retryable:
            advice = f"{status.reason}: {status.reason.advice}"
            offer = "a retry is offered" if status.retryable else "no retry is offered"
            return failed(f"{'an' if status.reason.retryable else 'no'} offer to retry ({advice})", offer, entry)
    return passed() if judged else not_applicable("no settling status had both a reason and a word on retrying")

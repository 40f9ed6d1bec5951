"""RETRY-004: a refusal for good is not retried automatically."""

from fake_servers.services.decision import Answer
from harness.checks.exchanged import repetitions, was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.trace import Exchanged, Trace

REFUSALS = frozenset(
    {
        Answer.DENIED,
        Answer.DEVICE_REVOKED,
        Answer.QUOTA_USED_UP,
        Answer.RESTORE_LIMIT,
        Answer.NOTHING_TO_RESTORE,
        Answer.MALFORMED,
    }
)

NOT_NOW = frozenset({408, 425, 429})
"""They blame the moment, not the request (RFC 9110, 15.5.9; RFC 8470, 5.2; RFC 6585, 4)."""


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
    refused = [exchanged for exchanged in trace.exchanges if _is_refusal(exchanged)]
    if not refused:
        return not_applicable("nothing was refused for good")
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            if _is_refusal(first):
                answered = first.answered
                what = f"{answered.answer}, status {answered.status}" if answered else "refused"
                evidence = [entry for entry in (first.reply, again.request) if entry is not None]
                return failed("no repetition in the same round", f"{again.asked.exchange} asked again after {what}", *evidence)
    return passed(*(exchanged.request for exchanged in refused))


def _is_refusal(exchanged: Exchanged) -> bool:
    answered = exchanged.answered
    if answered is None or not was_read(exchanged):
        return False
    if answered.answer == "http":
        return answered.status is not None and 400 <= answered.status < 500 and answered.status not in NOT_NOW
    return answered.answer in REFUSALS

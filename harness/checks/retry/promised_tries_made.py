"""RETRY-019: trouble that the policy retries is retried."""

from harness.checks.exchanged import is_poll, runs, was_read
from harness.checks.pauses import unheard
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.operations.retry import RetryPolicy
from harness.status.reason import Reason
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "RETRY-019",
    title="Trouble that the policy retries is retried, as often as promised",
    level="should",
    source="androidx/media#2404: a renewal that failed once was never tried again, although the policy said so",
    needs={"outcome", "wire", "retry_policy"},
)
def promised_tries_made(trace: Trace) -> Finding:
    """Do not give up before you have made the tries that your policy promises.

    A connect that came to nothing counts as a try. Judged by what cannot be read in two ways: a round that ends as failed
    right after a plain HTTP 503 although tries are left and there is time for the next. Not after a ``Retry-After``, a
    cancel, or a policy that does not retry a failing service; nor where several contents are needed at once, of which
    another may have been refused.
    """
    assert trace.profile.retry is not None
    policy = trace.profile.retry
    if Reason.SERVICE_UNAVAILABLE not in policy.reasons or policy.attempts == 1 or trace.head.scenario.given.also:
        return not_applicable("the profile promises no second try after HTTP 503, or several contents are needed at once")
    in_vain_at = unheard(trace)
    judged: list[Entry] = []
    for round_ in trace.rounds:
        made = list(runs(trace, round_))
        if not made or round_.outcome != "failed" or round_.settled is None or round_.acts("cancel", "refuse", "keep"):
            continue
        last = made[-1][-1]
        if not _is_plain_503(last) or last.request is not trace.exchanges_in(round_)[-1].request:
            continue
        judged.append(round_.settled)
        tries = len(trace.exchanges_in(round_)) + sum(round_.opened.n < place <= round_.ended.n for place in in_vain_at)
        if tries < policy.attempts and _has_time(policy, round_.settled.at - round_.opened.at, tries):
            observed = f"given up after {tries}, the last of {last.asked.exchange}"
            return failed(f"{policy.attempts} tries", observed, *[one.request for one in made[-1]], round_.settled)
    return passed(*judged) if judged else not_applicable("no round was given up after an HTTP 503")


def _is_plain_503(exchanged: Exchanged) -> bool:
    answered = exchanged.answered
    is_busy = answered is not None and answered.status == 503 and answered.answer == "http" and answered.retry_after_s is None
    return is_busy and was_read(exchanged) and not is_poll(exchanged)


def _has_time(policy: RetryPolicy, elapsed_s: float, failures: int) -> bool:
    return elapsed_s + policy.bounds_s(failures)[1] < policy.deadline

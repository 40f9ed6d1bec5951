"""RETRY-007: Retry-After is honoured."""

from harness.checks.exchanged import repetitions, was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import early_s
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace

GRAIN_OF_A_DATE_S = 1.0


@check(
    "RETRY-007",
    title="Retry-After is honoured",
    source="RFC 9110, 10.2.3",
    needs={"wire"},
)
def retry_after_honoured(trace: Trace) -> Finding:
    """Do not come back by yourself before the moment that ``Retry-After`` names, in seconds or as a date.

    You need not come back at all: to fail and let the user decide is as good, and a user's own retry is not held up. A date has
    a grain of one second, which is forgiven. Not judged if your profile says that you do not honour it.
    """
    policy = trace.profile.retry
    if policy is not None and not policy.honours_retry_after:
        return not_applicable("the profile does not promise it")
    if not any(_asked_s(exchanged) is not None for exchanged in trace.exchanges):
        return not_applicable("no reply asked the client to wait")
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            asked_s = _asked_s(first)
            if asked_s is None or first.reply is None:
                continue
            waited_s = again.request.at - first.reply.at
            if waited_s < asked_s - early_s(trace) - (GRAIN_OF_A_DATE_S if _is_date(first) else 0):
                return failed(f"no request for {asked_s:g} s", f"one after {waited_s:g} s", first.reply, again.request)
            judged.append(again.request)
    return passed(*judged)


def _asked_s(exchanged: Exchanged) -> float | None:
    return exchanged.answered.retry_after_s if exchanged.answered is not None and was_read(exchanged) else None


def _is_date(exchanged: Exchanged) -> bool:
    headers = exchanged.answered.headers if exchanged.answered is not None else {}
    value = next((value for name, value in headers.items() if name.lower() == "retry-after"), "")
    return not value.strip().isdigit()

"""RETRY-016: a Retry-After that asks for too long ends the round."""

from harness.checks.exchanged import repetitions, was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "RETRY-016",
    title="A Retry-After that asks for too long ends the round",
    source="RFC 9110, 10.2.3; androidx/media#2404: a license may run out while a player waits in silence",
    needs={"wire", "retry_policy"},
)
def no_endless_wait(trace: Trace) -> Finding:
    """Do not wait by yourself for longer than your policy's ``longest_wait``: fail, and tell the user when to come back.

    A service can ask for an hour, and a wrong one for a century. A wait that the user would not sit through is no retry but a
    player that hangs. Coming back sooner than asked is no way out either (RETRY-007); what is left is the user's own retry.
    """
    assert trace.profile.retry is not None
    policy = trace.profile.retry
    if not policy.honours_retry_after:
        return not_applicable("the profile does not promise to honour Retry-After")
    asked_too_much = [exchanged for exchanged in trace.exchanges if _asked_s(exchanged) > policy.longest_wait]
    if not asked_too_much:
        return not_applicable(f"no reply asked for more than {policy.longest_wait:g} s")
    judged: list[Entry] = [exchanged.request for exchanged in asked_too_much]
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            if _asked_s(first) > policy.longest_wait:
                expected = f"no automatic attempt after a Retry-After of more than {policy.longest_wait:g} s"
                observed = f"one after {_asked_s(first):g} s were asked for"
                return failed(expected, observed, first.reply or first.request, again.request)
    return passed(*judged)


def _asked_s(exchanged: Exchanged) -> float:
    """Seconds that a reply asked for and the client has read; 0 if it did not ask."""
    answered = exchanged.answered
    return (answered.retry_after_s or 0.0) if answered is not None and was_read(exchanged) else 0.0

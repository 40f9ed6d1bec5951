"""STATUS-011: a failed status says why, in words."""

import re
from functools import cache

from harness.checks.honesty import causes
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import in_every_language
from harness.status.wording import SAYING_NOTHING
from harness.trace.trace import Trace, status_of

CODE = re.compile(r"0x[0-9A-Fa-f]+|\b\w*\d\w*\b|\b[A-Za-z]+(?:_[A-Za-z]+)+\b")
"""Numbers and identifiers: what a program is told by, not a person."""


@check(
    "STATUS-011",
    title="A failed status says why, in words",
    source='Dash-Industry-Forum/dash.js#4690: the user was shown `status is "" (0)`',
    needs={"status", "wire"},
)
def failure_says_why(trace: Trace) -> Finding:
    """Give a reason with every failure, and a sentence that a person can read.

    ``unknown`` is enough only if nothing that you could have seen went wrong: where a service refused, a connection broke or
    time ran out, say so. The text must hold more than codes and the word "error".
    """
    failures = [
        (round_, entry)
        for round_ in trace.rounds
        for entry in round_.reports
        if status_of(entry).phase in (Phase.FAILED, Phase.BLOCKED)
    ]
    if not failures:
        return not_applicable("nothing failed")
    for round_, entry in failures:
        status = status_of(entry)
        if status.reason is None:
            return failed("a reason", f"{status.phase} without one", entry)
        if status.reason is Reason.UNKNOWN and (seen := causes(trace, round_, entry)):
            named = ", ".join(sorted({str(reason) for cause in seen for reason in cause.reasons}))
            return failed(f"what could be seen: {named}", "reason unknown", *(cause.entry for cause in seen), entry)
        if not has_words(status.text):
            return failed("a sentence for people", f"text {status.text!r}", entry)
    return passed()


def has_words(text: str) -> bool:
    """Whether a text says anything beyond codes, numbers and that there is an error, in whatever language."""
    words = re.findall(r"[^\W\d_]{2,}", CODE.sub(" ", text))
    return any(word.lower() not in _empty_words() for word in words)


@cache
def _empty_words() -> frozenset[str]:
    return frozenset(
        word for words in in_every_language("check saying nothing", SAYING_NOTHING) for word in words.lower().split()
    )

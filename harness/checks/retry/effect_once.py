"""RETRY-020: what is repeated takes effect once."""

from fake_servers.journal import TruthChanged
from harness.checks.exchanged import repetitions
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.retry.repetition_is_marked import SAME
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "RETRY-020",
    title="What is repeated takes effect once",
    source="Windows Media Format SDK, NS_E_DRM_INDIV_FRAUD: each individualization counts against the day",
    needs={"truth", "wire"},
)
def effect_once(trace: Trace) -> Finding:
    """Repeat a request so that the service knows it again: what it has done once, it must not do twice.

    If the reply is lost, the work may have been done all the same. The second component, restore or backup is one too many in
    the service's own books, where a day's quota or the number of computers is counted. Judged by what the service's store has
    recorded for a request and for its repetition in the same round. A license is another matter: each request may be granted.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            if first.asked.exchange not in SAME:
                continue
            judged.append(again.request)
            if doubled := sorted(_effects(first) & _effects(again)):
                return failed("one effect", f"twice: {', '.join(doubled)}", *first.truths, *again.truths)
    return passed(*judged) if judged else not_applicable("nothing that takes effect once was repeated")


def _effects(exchanged: Exchanged) -> set[str]:
    return {entry.what.what for entry in exchanged.truths if isinstance(entry.what, TruthChanged)}

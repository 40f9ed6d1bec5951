"""ACQUIRE-005: where a page is needed, no second silent try is made."""

from fake_servers.services.decision import Answer
from harness.checks.exchanged import was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@check(
    "ACQUIRE-005",
    title="Where a page is needed, no second silent try is made",
    source="Windows Media Format SDK, Handling license acquisition events: if silent acquisition fails, try it non-silently",
    needs={"wire"},
    operations={Operation.LICENSE_ACQUISITION},
)
def page_ends_silence(trace: Trace) -> Finding:
    """Send your user to the page once the service has asked for one; do not ask for the license in silence again.

    The service has said that it will not grant it without the user, and says so each time. What may follow is a look whether
    the page is done (``monitor``), or the same request as non-silent. The user's own retry may begin in silence again.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        asked: Exchanged | None = None
        for exchanged in trace.exchanges_in(round_):
            answered = exchanged.answered
            if asked is not None and exchanged.asked.exchange == "license" and "nonsilent" not in exchanged.asked.fields:
                seen = "the license asked for in silence again"
                return failed("the page, or an end", seen, asked.reply or asked.request, exchanged.request)
            if answered is not None and answered.answer == Answer.PAGE_REQUIRED and was_read(exchanged):
                asked = exchanged
                judged.append(exchanged.request)
    return passed(*judged) if judged else not_applicable("the service asked for no page")

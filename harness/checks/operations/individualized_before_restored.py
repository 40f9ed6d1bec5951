"""RESTORE-002: what the service asks for comes before the next try."""

from fake_servers.services.decision import Answer
from harness.checks.exchanged import repetitions, was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.trace import Exchanged, Trace


@check(
    "RESTORE-002",
    title="Individualization comes before the restore that needs it",
    source="Windows Media Format SDK, RestoreLicenses with WM_RESTORE_INDIVIDUALIZE",
    needs={"wire"},
    operations={Operation.LICENSE_RESTORE},
)
def individualized_before_restored(trace: Trace) -> Finding:
    """Individualize before you ask again for a restore that was refused because the computer is not individualized.

    Asking again unchanged is refused again. To stop there, because the user does not want it, is as good.
    """
    demands = [exchanged for exchanged in trace.exchanges if _demands(exchanged)]
    if not demands:
        return not_applicable("the service did not ask for it")
    for round_ in trace.rounds:
        for first, again in repetitions(trace, round_):
            if _demands(first) and first.reply is not None:
                return failed("individualization first", "the restore asked for again", first.reply, again.request)
    return passed(*(exchanged.request for exchanged in demands))


def _demands(exchanged: Exchanged) -> bool:
    answered = exchanged.answered
    is_restore = exchanged.asked.exchange == "restore" and was_read(exchanged)
    return is_restore and answered is not None and answered.answer == Answer.NEEDS_INDIVIDUALIZATION

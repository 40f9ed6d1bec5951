"""ACQUIRE-002: after individualization the license is asked for."""

from fake_servers.journal import ConnectionOpened, ConnectionRefused
from fake_servers.services.decision import Answer
from harness.checks.exchanged import was_read
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.status.operation import Operation
from harness.status.reason import Reason
from harness.trace.entry import Entry
from harness.trace.trace import Round, Trace, is_status, status_of


@check(
    "ACQUIRE-002",
    title="Acquisition goes on after individualization",
    source="Windows Media Format SDK, Handling license acquisition events: individualize, then try again to get the license",
    needs={"outcome", "wire"},
    operations={Operation.LICENSE_ACQUISITION},
)
def acquisition_resumes(trace: Trace) -> Finding:
    """Ask for the license again once the device is individualized, within the same round: the user asked for the license.

    Not if the user cancelled meanwhile, or if the device could not store its new component.
    """
    judged: list[Entry] = []
    for round_ in trace.rounds:
        for done in trace.exchanges_in(round_):
            is_done = done.answered is not None and done.answered.answer == Answer.INDIVIDUALIZED and not done.faults
            if not (is_done and was_read(done)) or done.reply is None or round_.acts("cancel") or _not_stored(round_):
                continue
            if not any(_goes_on(entry) for entry in round_.entries if entry.n > done.reply.n):
                if round_.settled is None and trace.cut_short:
                    return inconclusive("the run ended right after the individualization", done.reply)
                end = round_.settled or round_.ended
                return failed("the license asked for after individualization", "nothing was asked", done.reply, end)
            judged.append(done.reply)
    return passed(*judged) if judged else not_applicable("nothing was individualized on the way")


def _goes_on(entry: Entry) -> bool:
    """A request for the license, or at least a connection towards it; kept-alive connections show only the request."""
    match entry.what:
        case ConnectionOpened(service="license") | ConnectionRefused(service="license"):
            return True
    return getattr(entry.what, "exchange", "") in ("license", "monitor")


def _not_stored(round_: Round) -> bool:
    settled = round_.settled
    return settled is not None and is_status(settled) and status_of(settled).reason is Reason.STORAGE_FAILED

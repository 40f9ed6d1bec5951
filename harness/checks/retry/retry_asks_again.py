"""RETRY-002: a user's retry makes a new attempt."""

from itertools import pairwise

from fake_servers.journal import ConnectionOpened, ConnectionRefused, ListenerChanged, ListenerDeaf, RequestReceived
from harness.checks.goals import is_local
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.status.reason import Reason
from harness.trace.entry import Entry
from harness.trace.trace import Round, Trace, is_status, status_of
from harness.trace.veil import is_within

WITHOUT_ASKING = frozenset({Reason.NOT_SUPPORTED, Reason.NOTHING_TO_RESTORE, Reason.BACKUP_EXISTS, Reason.STORAGE_FAILED})
"""What a client can find out on the device itself, before it asks anybody."""


@check(
    "RETRY-002",
    title="A user's retry makes a new attempt",
    source="shaka-project/shaka-player#9638: a way for the user to retry a failed license request had to be invented",
    needs={"outcome", "wire"},
)
def retry_asks_again(trace: Trace) -> Finding:
    """Ask the service again when the user retries. A failure that is only repeated from memory is no retry.

    Any new connection or request counts. Not asked for where the user stopped you first (a cancel, a consent refused), where
    you found on the device itself that it cannot work, and where the retry was not on offer.
    """
    if is_local(trace):
        return not_applicable("a backup into a folder asks no service")
    judged: list[Entry] = []
    for before, round_ in pairwise(trace.rounds):
        if not _was_on_offer(before) or round_.outcome not in ("failed", None) or round_.acts("cancel", "refuse"):
            continue
        if round_.settled is None and round_.number < len(trace.rounds):
            continue  # the user did not wait for an answer
        if is_within(trace.cut_off, round_.opened.at, round_.ended.at):
            continue  # whatever it asked may have been lost, or nobody was there to ask
        if _asked(round_):
            judged.append(round_.opened)
        elif round_.settled is None and trace.cut_short:
            return inconclusive("the run ended before the retry could be seen", round_.opened)
        elif _nobody_listened(trace, round_):
            return inconclusive("no port was open, and a connection that is refused leaves no trace here", round_.opened)
        elif not _knew_by_itself(round_):
            return failed("a connection or a request", f"none in round {round_.number}", round_.opened, round_.ended)
    return passed(*judged) if judged else not_applicable("the user retried nothing that was on offer")


def _was_on_offer(round_: Round) -> bool:
    settled = round_.settled
    if settled is None or round_.outcome not in ("failed", "cancelled", "declined"):
        return False
    return not is_status(settled) or status_of(settled).retryable is not False


def _asked(round_: Round) -> bool:
    return any(isinstance(entry.what, ConnectionOpened | ConnectionRefused | RequestReceived) for entry in round_.entries)


def _nobody_listened(trace: Trace, round_: Round) -> bool:
    if any(changed.deaf for entry, changed in trace.of(ListenerDeaf) if entry.n < round_.ended.n):
        return True  # whose knock is dropped, is seen by nobody
    changes = [changed.listening for entry, changed in trace.of(ListenerChanged) if entry.n < round_.ended.n]
    return False in changes and trace.head.network != "simulated"


def _knew_by_itself(round_: Round) -> bool:
    settled = round_.settled
    return settled is not None and is_status(settled) and status_of(settled).reason in WITHOUT_ASKING

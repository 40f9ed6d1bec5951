"""SAFETY-003: a reply without end is refused."""

from fake_servers.faults.base import Presentation
from fake_servers.journal import RequestReceived
from harness.checks.goals import grants
from harness.checks.registry import Finding, check, failed, inconclusive, not_applicable, passed
from harness.checks.silence import is_hung
from harness.status.message import Progress, StatusMessage
from harness.trace.entry import Entry, StatusReported
from harness.trace.trace import Exchanged, Trace

LARGEST = 4_000_000
"""Far beyond any honest reply (licenses and components have kilobytes), and far below what hurts."""


@check(
    "SAFETY-003",
    title="A reply of absurd size is refused, and the round settles",
    source="CWE-770: allocation of resources without limits",
    needs={"outcome", "wire"},
)
def body_bounded(trace: Trace) -> Finding:
    """Bound what you read of a reply. An honest one has some kilobytes; one that does not end is an error like any other.

    The round must settle, and it may succeed only by another, honest reply. How many bytes you took before you stopped cannot
    be seen, since buffers on the way blur it. What can be seen is that you took them all: a connection that is used again was
    read to the end of the reply before, and progress is your own word. Of more than four million bytes, that is too many.
    """
    met = [exchanged for exchanged in trace.exchanges if Presentation.TOO_LARGE in exchanged.presentations]
    if not met:
        return not_applicable("no reply was too large")
    for exchanged in met:
        if proof := _read_to_the_end(trace, exchanged):
            size = exchanged.answered.body_bytes if exchanged.answered is not None else 0
            return failed(f"no more than {LARGEST} bytes read", f"all {size} of them", exchanged.request, proof)
        round_ = next((r for r in trace.rounds if r.opened.n < exchanged.request.n <= r.ended.n), None)
        if round_ is None:
            continue
        settled = round_.settled
        if settled is None:
            if trace.cut_short and not is_hung(trace, round_):
                return inconclusive("the run ended before the round was settled", exchanged.request)
            return failed("a settling status", f"round {round_.number} never settled", exchanged.request, round_.ended)
        honest = [g for g in grants(trace) if exchanged.request.n < g.request.n < settled.n]
        if round_.outcome == "succeeded" and settled.n > exchanged.request.n and not honest:
            return failed("no success by a reply without end", "succeeded", exchanged.request, settled)
    return passed(*(exchanged.request for exchanged in met))


def _read_to_the_end(trace: Trace, exchanged: Exchanged) -> Entry | None:
    """What proves that the client read a reply of more than ``LARGEST`` bytes to its end; None if nothing does."""
    answered, reply = exchanged.answered, exchanged.reply
    if answered is None or reply is None or answered.body_bytes <= LARGEST:
        return None
    for entry in trace.entries[reply.n + 1 :]:
        match entry.what:
            case RequestReceived(connection=connection) if connection == exchanged.asked.connection:
                return entry
            case StatusReported(status=StatusMessage(progress=Progress(done=done))) if done >= answered.body_bytes:
                return entry
    return None

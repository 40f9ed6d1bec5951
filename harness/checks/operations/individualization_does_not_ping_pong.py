"""ACQUIRE-001: license service and individualization do not play ping-pong."""

from fake_servers.services.decision import Answer
from harness.checks.exchanged import was_read
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.status.operation import Operation
from harness.trace.trace import Trace

MOST = 2
"""One that helps; and one more, should the first have come too late for the service to know of it."""


@check(
    "ACQUIRE-001",
    title="Individualization on the way is bounded",
    source="google/ExoPlayer#5129: a license service that always demands provisioning drove clients into an endless loop",
    needs={"wire"},
    operations={Operation.LICENSE_ACQUISITION, Operation.LICENSE_RESTORE},
)
def individualization_does_not_ping_pong(trace: Trace) -> Finding:
    """Give up when individualization does not help: at most two that succeed in one round.

    A service that demands it again right after it was done will demand it for ever. Say that it was in vain, and let the user
    decide.
    """
    asked_any = False
    for round_ in trace.rounds:
        done = [
            exchanged.request
            for exchanged in trace.exchanges_in(round_)
            if exchanged.answered is not None and exchanged.answered.answer == Answer.INDIVIDUALIZED and was_read(exchanged)
        ]
        asked_any = asked_any or bool(done)
        if len(done) > MOST:
            return failed(f"at most {MOST} individualizations in a round", f"{len(done)} in round {round_.number}", *done)
    return passed() if asked_any else not_applicable("nothing was individualized on the way")

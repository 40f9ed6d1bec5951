"""What each operation is for: the exchange, the answer and the truth without which it has not succeeded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from fake_servers.journal import TruthChanged
from fake_servers.services.decision import Answer, Exchange
from harness.checks.exchanged import is_usable
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace


@dataclass(frozen=True, slots=True)
class Goal:
    """One of ``exchanges`` is answered ``answer``, and one of ``truths`` has come true."""

    exchanges: tuple[Exchange, ...]
    answer: Answer
    truths: tuple[str, ...]


# fmt: off
GOALS: dict[Operation, Goal] = {
    Operation.INDIVIDUALIZATION:   Goal((Exchange.INDIVIDUALIZATION,), Answer.INDIVIDUALIZED, ("individualized",)),
    Operation.LICENSE_ACQUISITION: Goal((Exchange.LICENSE, Exchange.MONITOR), Answer.GRANTED, ("license_issued",)),
    Operation.LICENSE_REVOCATION:  Goal((Exchange.ACKNOWLEDGEMENT, Exchange.RELEASE), Answer.ACKNOWLEDGED,
                                        ("revocation_acknowledged", "license_released")),
    Operation.LICENSE_BACKUP:      Goal((Exchange.BACKUP,), Answer.BACKUP_STORED, ("backup_stored",)),
    Operation.LICENSE_RESTORE:     Goal((Exchange.RESTORE,), Answer.RESTORED, ("license_restored",)),
}
# fmt: on


def goal_of(trace: Trace) -> Goal:
    """What the trace's operation is for."""
    return GOALS[trace.head.scenario.operation]


def is_local(trace: Trace) -> bool:
    """Whether the operation needs no service at all: a backup into a folder."""
    return trace.head.scenario.operation is Operation.LICENSE_BACKUP and not trace.head.scenario.given.vault


def grants(trace: Trace) -> Iterator[Exchanged]:
    """The exchanges in which the service gave what the operation is for, and the client may have got it."""
    goal = goal_of(trace)
    for exchanged in trace.exchanges:
        said = exchanged.answered.answer if exchanged.answered is not None else None
        if exchanged.asked.exchange in goal.exchanges and said == goal.answer and is_usable(exchanged):
            yield exchanged


def came_true_before(trace: Trace, entry: Entry) -> bool:
    """Whether a truth that the operation is for stood in the store before this entry."""
    truths = goal_of(trace).truths
    return any(changed.what in truths and at.n < entry.n for at, changed in trace.of(TruthChanged))

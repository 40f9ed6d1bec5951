"""The point of no return of a revocation: licenses have left the device, and the service is owed an acknowledgement."""

from __future__ import annotations

from harness.status.phase import Phase
from harness.trace.entry import Entry
from harness.trace.trace import Exchanged, Trace, status_of

TELLS_OF_REMOVAL = ("acknowledgement", "release")
SAYS_REMOVAL = frozenset({Phase.REMOVING, Phase.ACKNOWLEDGING})


def acknowledgements(trace: Trace) -> tuple[Exchanged, ...]:
    """The exchanges by which the client tells the service that licenses are gone."""
    return tuple(exchanged for exchanged in trace.exchanges if exchanged.asked.exchange in TELLS_OF_REMOVAL)


def removal_began(trace: Trace, until: Entry) -> Entry | None:
    """The first sign, before ``until``, that licenses were being removed: the client said so, or told the service."""
    said = [entry for entry in trace.statuses if status_of(entry).phase in SAYS_REMOVAL]
    told = [exchanged.request for exchanged in acknowledgements(trace)]
    return min((entry for entry in (*said, *told) if entry.n < until.n), key=lambda entry: entry.n, default=None)

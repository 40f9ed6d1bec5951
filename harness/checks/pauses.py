"""The pauses between a failed attempt and its repetition, where nothing else happened between them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from fake_servers.journal import ConnectionRefused, FaultFired, HandshakeFailed
from harness.checks.exchanged import over_at_s, runs
from harness.trace.entry import Entry, UserActed
from harness.trace.trace import Exchanged, Trace


@dataclass(frozen=True, slots=True)
class Pause:
    """From the end of a try to the request that repeats it.

    Attributes:
        failures_in_a_row: Tries of this exchange that have failed one after the other.
        failures_in_round: All requests of the round so far, and the connections that came to nothing: no fewer than any client
            counts as failures.
    """

    first: Exchanged
    again: Exchanged
    seconds: float
    failures_in_a_row: int
    failures_in_round: int


def pauses(trace: Trace) -> Iterator[Pause]:
    """Every pause that can be measured. Overlapping attempts have none."""
    for round_ in trace.rounds:
        so_far = 0
        for run in runs(trace, round_):
            for place, (first, again) in enumerate(pairwise(run), start=1):
                over_s = over_at_s(trace, first)
                if over_s is None or over_s > again.request.at or _disturbed(trace, first, again):
                    continue
                unheard = sum(map(_came_to_nothing, trace.entries[round_.opened.n : first.request.n]))
                yield Pause(first, again, again.request.at - over_s, place, so_far + place + unheard)
            so_far += len(run)


def _disturbed(trace: Trace, first: Exchanged, again: Exchanged) -> bool:
    """Whether the user acted in between, or a connection came to nothing."""
    between = trace.entries[first.request.n : again.request.n]
    return any(isinstance(entry.what, UserActed) or _came_to_nothing(entry) for entry in between)


def _came_to_nothing(entry: Entry) -> bool:
    """Whether a connection ended before a request could be read on it."""
    match entry.what:
        case ConnectionRefused() | HandshakeFailed() | FaultFired(request=None):
            return True
    return False

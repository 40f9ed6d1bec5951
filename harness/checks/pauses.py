"""The pauses between a failed attempt and its repetition, where nothing else happened between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from fake_servers.journal import ConnectionRefused, FaultFired, HandshakeFailed
from harness.checks.exchanged import over_at_s, runs
from harness.trace.entry import UserActed
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
    unheard, acted = _unheard(trace), [entry.n for entry, _ in trace.of(UserActed)]
    for round_ in trace.rounds:
        so_far = sum(1 for _ in trace.exchanges_in(round_)) - sum(map(len, runs(trace, round_)))  # may be of this round, too
        for run in runs(trace, round_):
            for place, (first, again) in enumerate(pairwise(run), start=1):
                over_s, begun, ended = over_at_s(trace, first), first.request.n, again.request.n
                if over_s is None or over_s > again.request.at or _count(unheard, begun, ended) or _count(acted, begun, ended):
                    continue
                in_vain = _count(unheard, round_.opened.n, begun)
                yield Pause(first, again, again.request.at - over_s, place, so_far + place + in_vain)
            so_far += len(run)


def _unheard(trace: Trace) -> list[int]:
    """The places of connections that ended before a request could be read on them, in order."""
    found = [entry.n for kind in (ConnectionRefused, HandshakeFailed) for entry, _ in trace.of(kind)]
    found += [entry.n for entry, fired in trace.of(FaultFired) if fired.request is None]
    return sorted(found)


def _count(places: list[int], first: int, last: int) -> int:
    """How many of these places are from ``first`` up to ``last``, which is not counted."""
    return bisect_left(places, last) - bisect_left(places, first)

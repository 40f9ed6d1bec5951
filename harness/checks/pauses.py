"""The pauses between a failed attempt and its repetition, where nothing else happened between them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from fake_servers.journal import ConnectionRefused, FaultFired, HandshakeFailed
from harness.checks.exchanged import is_poll, over_at_s, runs
from harness.trace.entry import UserActed
from harness.trace.trace import Exchanged, Trace
from harness.trace.veil import is_within


@dataclass(frozen=True, slots=True)
class Pause:
    """From the end of a try to the request that repeats it.

    Attributes:
        failures_in_a_row: Tries of this exchange that have failed one after the other.
        idle_s: Since anything was last under way, for whatever content; no more than ``seconds``. A client that needs several
            contents at once may wait for the others before it repeats one.
        failures_in_round: All requests of the round so far, and the connections that came to nothing: no fewer than any client
            counts as failures.
    """

    first: Exchanged
    again: Exchanged
    seconds: float
    idle_s: float
    failures_in_a_row: int
    failures_in_round: int


def pauses(trace: Trace) -> tuple[Pause, ...]:
    """Every pause that can be measured. Overlapping attempts have none."""
    known: tuple[Pause, ...] | None = trace.worked_out.get(pauses)
    if known is None:
        known = trace.worked_out[pauses] = tuple(_pauses(trace))
    return known


def _pauses(trace: Trace) -> Iterator[Pause]:
    in_vain, acted = unheard(trace), [entry.n for entry, _ in trace.of(UserActed)]
    for round_ in trace.rounds:
        asked = trace.exchanges_in(round_)
        asked_at = [exchanged.request.n for exchanged in asked]
        for run in runs(trace, round_):
            for place, (first, again) in enumerate(pairwise(run), start=1):
                over_s, begun, ended = over_at_s(trace, first), first.request.n, again.request.n
                if over_s is None or over_s > again.request.at or _count(in_vain, begun, ended) or _count(acted, begun, ended):
                    continue
                if is_within(trace.cut_off, round_.opened.at, again.request.at):
                    continue  # tries may have been made that nobody heard of
                broken = _count(in_vain, round_.opened.n, begun)
                so_far = bisect_left(asked_at, ended)
                last_over_s = _last_over_s(trace, asked[:so_far], over_s, again.request.at)
                seconds, idle_s = again.request.at - over_s, again.request.at - last_over_s
                yield Pause(first, again, seconds, idle_s, place, so_far + broken)


def own_pauses(trace: Trace) -> list[Pause]:
    """The pauses that the client's own policy decided alone: no Retry-After, no looks at a page, and one content at a time."""
    if trace.head.scenario.given.also:
        return []
    return [
        pause
        for pause in pauses(trace)
        if not is_poll(pause.first) and (pause.first.answered is None or pause.first.answered.retry_after_s is None)
    ]


def _last_over_s(trace: Trace, asked: Sequence[Exchanged], over_s: float, until_s: float) -> float:
    """When the last of these requests was over, but not after ``until_s``; at the earliest ``over_s``."""
    ends = [over_at_s(trace, exchanged) for exchanged in asked]
    return max((end for end in ends if end is not None and over_s <= end <= until_s), default=over_s)


def unheard(trace: Trace) -> list[int]:
    """The places of connections that ended before a request could be read on them, in order."""
    found = [entry.n for kind in (ConnectionRefused, HandshakeFailed) for entry, _ in trace.of(kind)]
    found += [entry.n for entry, fired in trace.of(FaultFired) if fired.request is None]
    return sorted(found)


def _count(places: list[int], first: int, last: int) -> int:
    """How many of these places are from ``first`` up to ``last``, which is not counted."""
    return bisect_left(places, last) - bisect_left(places, first)

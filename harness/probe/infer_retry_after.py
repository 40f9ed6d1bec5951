"""Retry-After: whether it is heeded, in which form and up to how long; and how long a round may take in all."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from harness.operations.backoff import at_most, rounded
from harness.operations.retry import RetryPolicy
from harness.probe import probes as p
from harness.probe.draft import Confidence, Measured, Sight
from harness.probe.reading import failed_at_s, grain_of, pauses_of, tries_at
from harness.probe.session import Observed
from harness.trace.trace import Trace

GRAIN_OF_A_DATE_S = 1.0
USUAL = RetryPolicy()


@dataclass(frozen=True, slots=True)
class Asked:
    """One Retry-After and what became of it.

    Attributes:
        wait_s: What it asked for.
        waited_s: After how long the client came back; None if it did not.
        is_date: It was an HTTP-date.
    """

    wait_s: float
    waited_s: float | None
    is_date: bool
    trace: Trace

    @property
    def is_obeyed(self) -> bool:
        """Came back, and not too early."""
        early_s = grain_of(self.trace).early_s + (GRAIN_OF_A_DATE_S if self.is_date else 0.0)
        return self.waited_s is not None and self.waited_s >= self.wait_s - early_s

    @property
    def sight(self) -> Sight:
        """It as evidence."""
        form = "as a date" if self.is_date else "in seconds"
        came = f"came back after {self.waited_s:.3f} s" if self.waited_s is not None else "did not come back"
        name = self.trace.head.scenario.name.removeprefix("probe/")
        return Sight(name, self.trace.head.seed, f"asked for {self.wait_s:g} s {form}, {came}", tries_at(self.trace))


def retry_after_values(observed: Observed) -> Iterator[Measured]:
    """Whether it waits as long as it is asked to, and up to how long."""
    usual_s = max((pauses_of(trace)[0] for trace in observed.of(p.LADDER) if pauses_of(trace)), default=None)
    if usual_s is None:
        never = "it does not come back by itself after a 503"
        yield Measured("retry.honours_retry_after", None, Confidence.NONE, never)
        yield Measured("retry.longest_wait", None, Confidence.NONE, never)
        return
    asked = [one for one in _asked(observed) if one.wait_s > usual_s + grain_of(one.trace).width_s]
    in_seconds = [one for one in asked if not one.is_date]
    dates = [one for one in asked if one.is_date]
    yield _honours(in_seconds, dates, usual_s)
    yield _longest_wait(in_seconds)


def _asked(observed: Observed) -> Iterator[Asked]:
    for name, traces in observed.traces.items():
        wait_s = observed.probes[name].wait_s
        if wait_s is None or name.startswith("always"):
            continue
        for trace in traces:
            waits = pauses_of(trace)
            if not waits and trace.cut_short:
                continue  # it may have come back later
            yield Asked(wait_s, waits[0] if waits else None, "_date_" in name, trace)


def _honours(in_seconds: list[Asked], dates: list[Asked], usual_s: float) -> Measured:
    key = "retry.honours_retry_after"
    came_back = [one for one in in_seconds if one.waited_s is not None]
    if not in_seconds:
        return Measured(key, False, Confidence.NONE, f"its own first pause is {usual_s:.3g} s, longer than was asked for")
    if not came_back:
        return Measured(key, True, Confidence.MEDIUM, "it gives up where it is asked to wait", (in_seconds[0].sight,))
    early = [one for one in came_back if not one.is_obeyed]
    sights = tuple(one.sight for one in (*came_back[:2], *early[:1], *dates[-1:]))
    if len(early) == len(came_back):
        return Measured(key, False, Confidence.HIGH, "it came back before it was asked to, each time", sights)
    ignored = [one for one in dates if one.waited_s is not None and not one.is_obeyed]
    if ignored:
        because = f"in seconds, yes; a date it does not heed ({ignored[0].sight.said}): a promise would be broken"
        return Measured(key, False, Confidence.HIGH, because, sights)
    if early:
        shortest = min(early, key=lambda one: one.wait_s)
        because = f"up to a limit of its own: {shortest.sight.said}"
        return Measured(key, False, Confidence.MEDIUM, because, sights)
    heeds_dates = any(one.is_obeyed for one in dates)
    forms = "in seconds and as a date" if heeds_dates else "in seconds; a date was not seen to be heeded"
    return Measured(key, True, Confidence.HIGH if heeds_dates else Confidence.MEDIUM, forms, sights)


def _longest_wait(in_seconds: list[Asked]) -> Measured:
    key = "retry.longest_wait"
    obeyed = [one for one in in_seconds if one.is_obeyed]
    gave_up = [one for one in in_seconds if one.waited_s is None]
    if not obeyed:
        return Measured(key, None, Confidence.NONE, "no wait that it was asked for was heeded")
    longest = max(obeyed, key=lambda one: one.wait_s)
    if not gave_up:
        because = f"heeded up to {longest.wait_s:g} s; no longer one was refused"
        return Measured(key, longest.wait_s, Confidence.LOW, because, (longest.sight,))
    refused = min(gave_up, key=lambda one: one.wait_s)
    because = f"{longest.wait_s:g} s were waited, at {refused.wait_s:g} s it gave up"
    is_close = refused.wait_s - longest.wait_s <= max(2.0, 0.02 * longest.wait_s)
    value = rounded(longest.wait_s, min(1.0, refused.wait_s - longest.wait_s) / 2)
    return Measured(key, value, Confidence.HIGH if is_close else Confidence.MEDIUM, because, (longest.sight, refused.sight))


# ── a round as a whole ───────────────────────────────────────────────────────────────────────────────────────────────


def longest_round(observed: Observed, attempts: int) -> Measured:
    """``deadline``: seen where a slow round ends after fewer tries than a quick one."""
    slow = [
        trace
        for name, traces in observed.traces.items()
        if name.startswith("always_retry_after") or name == p.SILENT.name
        for trace in traces
        if tries_at(trace)
    ]
    latest_s = max((tries_at(trace)[-1] for trace in observed.runs if trace.rounds and tries_at(trace)), default=0.0)
    cut = [trace for trace in slow if 1 < len(tries_at(trace)) < attempts and not trace.cut_short]
    went_on_s = max((failed_at_s(trace)[-1] for trace in observed.runs if pauses_of(trace)), default=0.0)
    cut = [trace for trace in cut if _ended_s(trace) >= went_on_s]
    if not cut:
        because = f"no round was seen to end for lack of time; the latest try began after {latest_s:.3g} s"
        return Measured("retry.deadline", max(USUAL.deadline, at_most(latest_s)), Confidence.NONE, because)
    first = min(cut, key=_next_try_s)
    tries = tries_at(first)
    name = first.head.scenario.name.removeprefix("probe/")
    said = f"{len(tries)} tries of {attempts}, the last after {tries[-1]:.3g} s, and no more after {_ended_s(first):.3g} s"
    because = f"after a failure at {went_on_s:.3g} s it still tried again, after one at {_ended_s(first):.3g} s no more"
    value = rounded(_next_try_s(first), 0.001 * _next_try_s(first))
    return Measured("retry.deadline", value, Confidence.MEDIUM, because, (Sight(name, first.head.seed, said, tries),))


def _next_try_s(trace: Trace) -> float:
    """When the try that did not come would have begun, after a pause like the one before."""
    tries = tries_at(trace)
    return _ended_s(trace) + tries[-1] - tries[-2]


def _ended_s(trace: Trace) -> float:
    """When its first round settled."""
    settled = trace.rounds[0].settled
    return settled.at if settled is not None else trace.entries[-1].at

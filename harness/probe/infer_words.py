"""What a client says and can do: operations, dialects, phases, its promises about words, and what its exit status means."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from harness.operations.backoff import at_most
from harness.probe import probes as p
from harness.probe.draft import Confidence, Measured, Sight
from harness.probe.probes import Probe
from harness.probe.reading import (
    cancelled_after_s,
    exits_of,
    fails_calmly,
    first_status_s,
    outcome_of,
    phases_of,
    silence_s,
    statuses_of,
)
from harness.probe.session import Observed
from harness.scenario.model import Outcome
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.trace.trace import Trace

BOUND = "a bound: the longest seen was {seen:.3g} s, with room for a busy machine"
TAKES: Mapping[Operation, frozenset[str]] = {
    Operation.INDIVIDUALIZATION: frozenset({"individualization"}),
    Operation.LICENSE_REVOCATION: frozenset({"revocation", "release"}),
    Operation.LICENSE_BACKUP: frozenset(),
    Operation.LICENSE_RESTORE: frozenset({"restore"}),
}
"""An exchange that the operation cannot do without."""

ROOM = 1.5
"""A promise about time is half as long again as what was seen."""


def word_values(observed: Observed) -> Iterator[Measured]:
    """The values, in the order in which a profile holds them."""
    yield _operations(observed)
    yield _dialects(observed)
    if observed.subject.adapter == "wire":
        yield Measured("phases", (), Confidence.HIGH, "a command line reports none")
        yield Measured("reports_attempts", False, Confidence.HIGH, "a command line reports nothing")
        yield Measured("reports_progress", False, Confidence.HIGH, "a command line reports nothing")
        yield _exits(observed)
        return
    yield _phases(observed)
    yield from _promises(observed)
    yield _reports(observed, "reports_attempts", "numbers an attempt", lambda trace: any(s.attempt for s in statuses_of(trace)))
    yield _reports(
        observed, "reports_progress", "tells progress", lambda trace: any(s.progress is not None for s in statuses_of(trace))
    )


# ── what it can do ───────────────────────────────────────────────────────────────────────────────────────────────────


def _operations(observed: Observed) -> Measured:
    able, sights = [Operation.LICENSE_ACQUISITION], [_calm_sight(p.CALM, observed.of(p.CALM))]
    unable: list[str] = []
    for operation, probe in p.OPERATIONS.items():
        traces = observed.of(probe)
        if traces and _did(traces[0], operation):
            able.append(operation)
            sights.append(_calm_sight(probe, traces))
        elif traces or probe.name in observed.not_played:
            unable.append(f"{operation.value} did not succeed when nothing went wrong")
    because = "; ".join(unable) or "each succeeded when nothing went wrong"
    if observed.subject.adapter == "wire":
        because = "a command line acquires licenses"
    return Measured("operations", tuple(one for one in Operation if one in able), Confidence.HIGH, because, tuple(sights))


def _did(trace: Trace, operation: Operation) -> bool:
    """Whether it succeeded with this very operation, by its words and on the wire; a local backup asks no service."""
    asked = {exchanged.asked.exchange for exchanged in trace.exchanges}
    said = {status.operation for status in statuses_of(trace)}
    on_wire = not TAKES[operation] or bool(asked & TAKES[operation])
    return outcome_of(trace) == "succeeded" and said <= {operation} and on_wire


def _dialects(observed: Observed) -> Measured:
    traces = observed.of(p.CALM_WMDRM)
    speaks = [observed.dialect]
    if traces and fails_calmly(traces[0]) is None and "wmdrm" not in speaks:
        speaks.append("wmdrm")
    because = "it got its license in each" if len(speaks) > 1 else f"it got its license in {speaks[0]}"
    if observed.subject.adapter == "wire":
        because += "; a command line is asked for no other"
    return Measured("dialects", tuple(speaks), Confidence.HIGH, because, (_calm_sight(p.CALM, observed.of(p.CALM)),))


def _calm_sight(probe: Probe, traces: tuple[Trace, ...]) -> Sight:
    trace = traces[0]
    at_s = tuple(round(exchanged.request.at, 3) for exchanged in trace.exchanges)
    return Sight(probe.name, trace.head.seed, f"{outcome_of(trace)} after {len(at_s)} requests", at_s)


# ── what it says ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _phases(observed: Observed) -> Measured:
    where: dict[Phase, Sight] = {}
    for name, traces in observed.traces.items():
        for trace in traces:
            for phase in phases_of(trace):
                where.setdefault(phase, Sight(name, trace.head.seed, phase.value))
    seen = tuple(phase for phase in Phase if phase in where)
    unseen = [phase.value for phase in Phase if phase not in where and not phase.settles]
    because = "each was reported at least once"
    if unseen:
        because += f"; never reported: {', '.join(unseen)}"
    return Measured("phases", seen, Confidence.HIGH, because, tuple(where[phase] for phase in seen))


def _promises(observed: Observed) -> Iterator[Measured]:
    yield _bound(observed, "first_status", first_status_s)
    yield _bound(observed, "silence", silence_s)
    cancels = [(trace, after_s) for trace in observed.of(p.CANCELLED) if (after_s := cancelled_after_s(trace)) is not None]
    if cancels:
        trace, after_s = cancels[0]
        sight = Sight(p.CANCELLED.name, trace.head.seed, f"settled {after_s:.3g} s after the cancel")
        value = max(2.0, at_most(after_s * ROOM))
        yield Measured("cancel", value, Confidence.MEDIUM, BOUND.format(seen=after_s), (sight,))
    else:
        yield Measured("cancel", None, Confidence.NONE, "nothing settled after the user's cancel, or it was not tried")


def _bound(observed: Observed, key: str, of: Callable[[Trace], float]) -> Measured:
    name, trace, seen_s = max(
        ((name, trace, of(trace)) for name, traces in observed.traces.items() for trace in traces), key=lambda seen: seen[2]
    )
    least = 1.0 if key == "first_status" else 5.0
    sight = Sight(name, trace.head.seed, f"{seen_s:.3g} s")
    return Measured(key, max(least, at_most(seen_s * ROOM)), Confidence.MEDIUM, BOUND.format(seen=seen_s), (sight,))


def _reports(observed: Observed, key: str, what: str, shows: Callable[[Trace], bool]) -> Measured:
    found = next(((name, trace) for name, traces in observed.traces.items() for trace in traces if shows(trace)), None)
    if found is None:
        return Measured(key, False, Confidence.HIGH, f"no status {what}")
    name, trace = found
    return Measured(key, True, Confidence.HIGH, "seen in its statuses", (Sight(name, trace.head.seed, f"a status {what}"),))


# ── what its exit status means ───────────────────────────────────────────────────────────────────────────────────────


def _exits(observed: Observed) -> Measured:
    """0 is success, as everywhere; what else was seen is evidence, and no other status is taken for a success."""
    seen: dict[int, list[Sight]] = {}
    for name, traces in observed.traces.items():
        for status in exits_of(traces[0]):
            seen.setdefault(status, []).append(Sight(name, traces[0].head.seed, f"exit status {status}"))
    failures = sorted(status for status in seen if status)
    numbers = ", ".join(map(str, failures))
    because = f"it ended with {numbers} where it failed" if failures else "it never ended with another status"
    value = {"0": Outcome.SUCCEEDED, "default": Outcome.FAILED}
    return Measured("exits", value, Confidence.HIGH, because, tuple(sights[0] for sights in seen.values()))

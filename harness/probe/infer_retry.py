"""How a client tries again: number of tries, pauses, time limits, Retry-After, and after what."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median

from harness.operations.backoff import Backoff, Grain, Jitter, Shape, at_most, backoff_of, rounded
from harness.operations.retry import RetryPolicy
from harness.probe import probes as p
from harness.probe.draft import Confidence, Measured, Sight
from harness.probe.infer_causes import cause_values
from harness.probe.infer_retry_after import longest_round, retry_after_values
from harness.probe.reading import factor_of, given_up_after_s, grain_of, pauses_of, tries_at
from harness.probe.session import Observed
from harness.trace.trace import Trace

MOST_ATTEMPTS = 100
"""What a profile can say."""

NEVER = "it never tries again by itself"
USUAL = RetryPolicy()
SHOWN = 3
"""Runs of many that stand as evidence."""


def retry_values(observed: Observed) -> Iterator[Measured]:
    """The values of ``retry``, in the order in which a profile holds them; then what no key of a profile holds."""
    ladder = _ladder(observed)
    attempts = _attempts(ladder)
    yield attempts
    yield from _pauses(ladder)
    yield from retry_after_values(observed)
    yield _attempt_timeout(observed)
    yield longest_round(observed, attempts.value)
    yield from cause_values(observed)


def _ladder(observed: Observed) -> tuple[Trace, ...]:
    """The traces in which every try fails: of the first kind of failure that is retried at all."""
    for probe in p.LADDERS:
        if any(pauses_of(trace) for trace in observed.of(probe)):
            return observed.of(probe)
    return observed.of(p.LADDER)


def _sights(traces: Sequence[Trace]) -> tuple[Sight, ...]:
    sights = []
    for trace in traces[:SHOWN]:
        tries = tries_at(trace)
        times = ", ".join(f"{at:.3f}" for at in tries[:6]) + (" …" if len(tries) > 6 else "")
        name = trace.head.scenario.name.removeprefix("probe/")
        sights.append(Sight(name, trace.head.seed, f"{len(tries)} {'try' if len(tries) == 1 else 'tries'} at {times} s", tries))
    return tuple(sights)


def _attempts(ladder: Sequence[Trace]) -> Measured:
    key = "retry.attempts"
    if not ladder:
        return Measured(key, MOST_ATTEMPTS, Confidence.NONE, "not measured: the largest number accuses nobody")
    counts = {len(tries_at(trace)) for trace in ladder}
    most, sights = max(counts), _sights(ladder)
    if most > p.TRIES or all(trace.cut_short for trace in ladder):
        seen = f"it had tried {most} times and not stopped when watching ended"
        return Measured(key, MOST_ATTEMPTS, Confidence.NONE, seen, sights)
    whole = {len(tries_at(trace)) for trace in ladder if not trace.cut_short}
    if len(whole) > 1:
        numbers = ", ".join(map(str, sorted(whole)))
        return Measured(key, max(whole), Confidence.LOW, f"not the same in every run: {numbers}", sights)
    return Measured(key, max(whole), Confidence.HIGH, f"the same in {_runs(ladder)}, and it ended by itself", sights)


def _runs(traces: Sequence[Trace]) -> str:
    return "1 run" if len(traces) == 1 else f"{len(traces)} runs"


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _pauses(ladder: Sequence[Trace]) -> Iterator[Measured]:
    exact = _most_exact(ladder)
    policy = backoff_of([pauses_of(trace) for trace in exact], grain_over(exact)) if exact else None
    if policy is None:
        for key in ("base", "factor", "cap", "jitter"):
            yield Measured(f"retry.{key}", None, Confidence.NONE, NEVER if ladder else "not measured")
        return
    sights = _sights(exact)
    surely, shape = _how_sure(policy)
    base = f"the pause after the first failure, in {policy.samples} pauses of {_runs(exact)}"
    if policy.left_out:
        base += f"; {policy.left_out} more were late by a hiccup of this machine"
    yield Measured("retry.base", policy.base, Confidence.HIGH if policy.fits else Confidence.LOW, base, sights)
    if policy.columns == 1:
        yield Measured("retry.factor", None, Confidence.NONE, "there is only one pause, so that none is seen to grow")
    else:
        yield Measured("retry.factor", policy.factor, surely, shape, sights)
    if policy.shape is Shape.LINEAR:
        yield Measured("retry.step", policy.step, surely, shape, sights)
    yield _cap(policy, exact, sights)
    yield _jitter(policy, exact, sights)


def _most_exact(ladder: Sequence[Trace]) -> list[Trace]:
    """Of runs at different paces, those at the slowest: their times are the most exact."""
    paced = [trace for trace in ladder if pauses_of(trace)]
    slowest = min((factor_of(trace) for trace in paced), default=1.0)
    return [trace for trace in paced if factor_of(trace) == slowest]


def grain_over(traces: Sequence[Trace]) -> Grain:
    """How exactly times can be read off several traces."""
    return max((grain_of(trace) for trace in traces), key=lambda grain: grain.width_s)


def _how_sure(policy: Backoff) -> tuple[Confidence, str]:
    pauses = f"{policy.columns} pauses"
    if not policy.fits:
        return Confidence.LOW, f"no simple growth fits the {pauses} in a row; {policy.shape.value} is nearest"
    if policy.others:
        same = " and ".join(other.value for other in policy.others)
        return Confidence.MEDIUM, f"{policy.shape.value}; {pauses} in a row agree with {same} growth as well"
    said = "constant" if policy.shape is Shape.CONSTANT else f"{policy.shape.value} growth"
    return Confidence.HIGH, f"{said}: the only simple one that {pauses} in a row agree with"


def _cap(policy: Backoff, traces: Sequence[Trace], sights: tuple[Sight, ...]) -> Measured:
    longest = max(max(pauses_of(trace)) for trace in traces)
    if policy.cap is not None:
        return Measured("retry.cap", policy.cap, Confidence.HIGH, "later pauses grew no more", sights)
    if policy.shape is Shape.CONSTANT:
        because = f"pauses do not grow; the longest was {longest:.3g} s"
    else:
        because = f"no pause stopped growing; the longest was {longest:.3g} s"
    return Measured("retry.cap", max(USUAL.cap, at_most(longest)), Confidence.NONE, because)


def _jitter(policy: Backoff, traces: Sequence[Trace], sights: tuple[Sight, ...]) -> Measured:
    key = "retry.jitter"
    if policy.family is Jitter.NONE:
        width = grain_over(traces).width_s
        return Measured(key, 0.0, Confidence.HIGH, f"none: {_runs(traces)} agree to within {width * 1000:.0f} ms", sights)
    if policy.family is Jitter.UNKNOWN and len(traces) == 1:
        return Measured(key, 1.0, Confidence.NONE, "unknown: there was time for one run only; this much accuses nobody")
    if policy.family is Jitter.UNKNOWN:
        because = "unknown: the spread does not grow with the pause; this share covers what was seen"
        return Measured(key, policy.jitter, Confidence.LOW, because, sights)
    seen = f"{policy.family.value}, from {policy.samples} pauses of {_runs(traces)}"
    few = policy.samples < 20
    return Measured(key, policy.jitter, Confidence.MEDIUM if few else Confidence.HIGH, seen, sights)


# ── time limits ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _attempt_timeout(observed: Observed) -> Measured:
    key = "retry.attempt_timeout"
    traces = observed.of(p.SILENT)
    left = [after_s for trace in traces for after_s in given_up_after_s(trace)]
    if not traces:
        return Measured(key, None, Confidence.NONE, "not measured")
    sights = tuple(
        Sight(p.SILENT.name, trace.head.seed, "gave up after " + ", ".join(f"{s:.3f}" for s in given_up_after_s(trace)) + " s")
        for trace in traces
        if given_up_after_s(trace)
    )
    if not left:
        watched_s = traces[0].entries[-1].at
        return Measured(key, at_most(watched_s), Confidence.NONE, f"it still waited for an answer after {watched_s:.0f} s")
    width = grain_over(traces).width_s
    agree = max(left) - min(left) <= max(2 * width, 0.01 * max(left))
    midway = [after_s for trace in observed.of(p.STUCK_MIDWAY) for after_s in given_up_after_s(trace)]
    also = f"; {midway[0]:.3g} s where a reply stopped half-way" if midway else ""
    value = rounded(median(left), max(width, 0.02 * median(left)))
    if agree:
        return Measured(key, value, Confidence.HIGH, f"the same for {len(left)} unanswered requests{also}", sights)
    spread = f"from {min(left):.3g} to {max(left):.3g} s"
    return Measured(key, value, Confidence.MEDIUM, f"not the same for every request: {spread}{also}", sights)

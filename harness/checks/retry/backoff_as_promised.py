"""RETRY-018: the policy that can be read off the wire is the promised one."""

from collections.abc import Sequence

from harness.checks.pauses import Pause, own_pauses
from harness.checks.registry import Finding, check, failed, not_applicable, passed
from harness.checks.tolerance import TIMER_GRAIN_S, early_s, is_exact
from harness.operations.backoff import Backoff, Grain, Shape, backoff_of
from harness.operations.retry import RetryPolicy
from harness.trace.trace import Trace

FEWEST = 3
"""A base, a factor and whether they fit can be told from three pauses in a row, not from fewer."""

TRIPS = 6


@check(
    "RETRY-018",
    title="The policy that can be read off the wire is the promised one",
    level="should",
    source="Dash-Industry-Forum/dash.js#2808: what a player really does could only be found out by measuring it",
    needs={"wire", "retry_policy"},
)
def backoff_as_promised(trace: Trace) -> Finding:
    """Let base, growth and cap of your pauses be those of your policy.

    Read off the arrival times as `profile --infer` does it: the simplest policy that all pauses agree with. Of the pauses after
    the same number of failures the middle counts, so that on real sockets a machine that was busy once accuses nobody; there a
    policy that pauses for too long is found too, which RETRY-013 cannot tell. The verdict says what was read, from how many
    pauses of how many runs, and so how sure it is. Judged from three pauses in a row on.
    """
    assert trace.profile.retry is not None
    policy, series = trace.profile.retry, _series(own_pauses(trace))
    if max(map(len, series), default=0) < FEWEST:
        return not_applicable(f"fewer than {FEWEST} pauses in a row can be measured")
    if not is_exact(trace) and len(series) < 2:
        return not_applicable("on real sockets one run is too few: a busy machine may have held it up")
    seconds = [[pause.seconds for pause in run] for run in series]
    grain = _grain(trace)
    read = backoff_of(seconds, grain)
    assert read is not None
    for place in range(max(map(len, series))):
        column = sorted((run[place] for run in series if len(run) > place), key=lambda pause: pause.seconds)
        middle = column[len(column) // 2]
        shortest, longest = policy.bounds_s(place + 1)
        if not shortest - grain.early_s <= middle.seconds <= longest + grain.late_s:
            expected = f"{_in_words(policy)}: after {place + 1} failed tries from {shortest:g} to {longest:g} s"
            return failed(
                expected, f"{middle.seconds:.3g} s; {_said(read, series)}", middle.first.request, middle.again.request
            )
    return passed(*[pause.again.request for run in series for pause in run])


def _series(pauses: Sequence[Pause]) -> list[list[Pause]]:
    """The pauses of each run that was seen from its first failure on."""
    found: list[list[Pause]] = []
    for pause in pauses:
        if pause.failures_in_a_row == 1:
            found.append([pause])
        elif found and found[-1][-1].again is pause.first:
            found[-1].append(pause)
    return found


def _grain(trace: Trace) -> Grain:
    trips_s = TRIPS * trace.head.scenario.world.longest_trip_s
    late_s = trips_s + early_s(trace) if is_exact(trace) else TIMER_GRAIN_S
    return Grain(early_s(trace), late_s, hiccups=not is_exact(trace))


def _in_words(policy: RetryPolicy) -> str:
    growth = f"each {policy.factor:g} times the one before" if policy.factor > 1 else f"each {policy.step:g} s longer"
    return f"first {policy.base:g} s, {growth if policy.factor > 1 or policy.step else 'all alike'}, at most {policy.cap:g} s"


def _said(read: Backoff, series: Sequence[Sequence[Pause]]) -> str:
    """The policy that was read, and how sure that is."""
    shape = {
        Shape.CONSTANT: "all alike",
        Shape.EXPONENTIAL: f"each {read.factor:.3g} times the one before",
        Shape.LINEAR: f"each {read.step:.3g} s longer",
    }[read.shape]
    cap = f", at most {read.cap:.3g} s" if read.cap is not None else ""
    sure = "surely" if read.fits and len(series) > 1 and not read.others else "probably" if read.fits else "at the nearest"
    return (
        f"read as {sure} first {read.base:.3g} s, {shape}{cap}, jitter {read.family}, "
        f"from {read.samples} pauses in {len(series)} run{'s' if len(series) > 1 else ''}"
    )

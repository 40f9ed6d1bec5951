"""From what was observed of a client to its draft profile. Pure: the same traces give the same draft."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from harness.operations.retry import RetryPolicy
from harness.probe.draft import Draft, Measured
from harness.probe.infer_retry import retry_values
from harness.probe.infer_words import word_values
from harness.probe.reading import claims_success_in_vain, statuses_of, tries_at
from harness.probe.session import Observed
from harness.scenario.profile import Profile
from harness.status.phase import Phase
from harness.trace.trace import Trace

NO_PROFILE_KEY = frozenset({"statuses", "faults"})
"""Findings that are worth telling and that no key of a profile holds."""


def draft_of(observed: Observed) -> Draft:
    """The draft profile of a client."""
    measured = (*word_values(observed), *retry_values(observed))
    return Draft(
        profile=_profile(observed, measured),
        measured=measured,
        warnings=tuple(_warnings(observed)),
        about_runs=_about_runs(observed),
    )


def _profile(observed: Observed, measured: tuple[Measured, ...]) -> Profile:
    values: dict[str, Any] = {"name": observed.subject.name}
    retry: dict[str, Any] = {}
    for each in measured:
        if each.value is None or each.key in NO_PROFILE_KEY:
            continue
        section, dot, key = each.key.rpartition(".")
        (retry if dot and section == "retry" else values)[key] = each.value
    return Profile(**values, retry=RetryPolicy(**retry))


def _about_runs(observed: Observed) -> str:
    times = dict.fromkeys(trace.head.time for trace in observed.runs)
    played = len(observed.traces)
    return (
        f"{played} probes in {len(observed.runs)} runs on the {observed.subject.network} network, "
        f"dialect {observed.dialect}, time: {', '.join(times)}"
    )


# ── what a reader must know ──────────────────────────────────────────────────────────────────────────────────────────


def _warnings(observed: Observed) -> Iterator[str]:
    yield from _lies(observed)
    yield from _unlike_announced(observed)
    for name, trace in _first_runs(observed):
        if name == "unknown_ca" and trace.exchanges and trace.exchanges[0].asked.connection == 1:
            yield "it sent its request to a service whose certificate no authority vouches for"
        takes_any_key = name == "wrong_key" and trace.rounds[-1].outcome == "succeeded" and len(trace.exchanges) == 1
        if takes_any_key and observed.subject.adapter != "wire":
            yield "it reports success with a key that does not open the content"
    if observed.subject.adapter == "browser":
        yield "a player's profile also holds the table of its events: copy 'player' from the one that it has"
    by_reason: dict[str, list[str]] = {}
    for name, why in observed.not_played.items():
        by_reason.setdefault(why, []).append(name)
    for why, names in by_reason.items():
        yield f"not measured: {', '.join(names)}: {why}"


def _first_runs(observed: Observed) -> Iterator[tuple[str, Trace]]:
    for name, traces in observed.traces.items():
        yield name, traces[0]


def _lies(observed: Observed) -> Iterator[str]:
    """Success without a license; an exit status is the same claim."""
    lied = [name for name, trace in _first_runs(observed) if claims_success_in_vain(trace) and trace.exchanges]
    if lied and observed.subject.adapter == "wire":
        hint = " (of curl, --fail changes that)" if any(name.startswith(("status_", "always_")) for name in lied) else ""
        yield f"its exit status is 0 although it got no license, in {', '.join(lied)}: it tells nothing of such failures{hint}"
    elif lied:
        yield f"it reports success although it got no license, in {', '.join(lied)}: do not trust what it says of itself"


def _unlike_announced(observed: Observed) -> Iterator[str]:
    """Pauses and attempts are read off the wire; what the client says of them should agree."""
    for name, trace in _first_runs(observed):
        waits = [status for status in statuses_of(trace) if status.phase is Phase.RETRY_SCHEDULED]
        said = [status.retry_in_s for status in waits if status.retry_in_s]
        tries = tries_at(trace)
        if name != "always_unavailable" or not said or len(tries) < 2:
            continue
        pauses = [after - before for before, after in pairwise(tries)]
        off = [abs(told - took) for told, took in zip(said, pauses, strict=False)]
        if any(each > 0.1 + 0.1 * took for each, took in zip(off, pauses, strict=False)):
            told, took = ", ".join(f"{each:.3g}" for each in said), ", ".join(f"{each:.3g}" for each in pauses)
            yield f"it announces pauses of {told} s in {name} and takes {took} s on the wire; the profile says what it does"
        attempts = [status.attempt for status in statuses_of(trace) if status.attempt]
        if attempts and max(attempts) != len(tries):
            made = f"{max(attempts)} attempts in {name} and made {len(tries)} on the wire"
            yield f"it counts {made}; the profile says what it does"

"""After what a client tries again: HTTP statuses, broken connections, replies that are none."""

from __future__ import annotations

from collections.abc import Iterator

from fake_servers.journal import ConnectionOpened
from harness.checks.tolerance import is_exact
from harness.probe import probes as p
from harness.probe.draft import Confidence, Measured, Sight
from harness.probe.probes import Probe
from harness.probe.reading import connections, outcome_of, pauses_of, tries_at
from harness.probe.session import Observed
from harness.status.reason import Reason
from harness.trace.trace import Trace

CAUSES = (*p.BY_STATUS, *p.BY_FAULT, p.REFUSED, *p.OVER_TLS, *p.IN_WMDRM)

NOT_PROBED = (Reason.NAME_NOT_RESOLVED, Reason.REPLAYED_REQUEST)
"""No fault of the harness brings these about, so that no check ever asks for them."""


def cause_values(observed: Observed) -> Iterator[Measured]:
    """``reasons``, and status by status and fault by fault what stands behind it."""
    came_back = {probe: again for probe in CAUSES if (again := tries_again(observed, probe)) is not None}
    yield _reasons(observed, came_back)
    statuses = {probe: again for probe, again in came_back.items() if probe.status}
    faults = {probe: again for probe, again in came_back.items() if not probe.status}
    yield _listed("statuses", observed, statuses, {probe: str(probe.status) for probe in statuses})
    yield _listed("faults", observed, faults, {probe: probe.name for probe in faults})


def tries_again(observed: Observed, probe: Probe) -> bool | None:
    """Whether the client tried again by itself; None if that cannot be told."""
    traces = observed.of(probe)
    if not traces:
        return None
    trace = traces[0]
    if probe is p.REFUSED and not is_exact(trace):
        return _came_after_the_outage(observed, trace)
    if probe.name == "unknown_ca":
        return connections(trace) > 1
    return len(tries_at(trace)) > 1


def _came_after_the_outage(observed: Observed, trace: Trace) -> bool | None:
    """On real sockets a refused connection leaves no trace: a request after the outage is the second try, if the first one fell
    into the outage; and none is no proof, if all tries may have."""
    calm = observed.of(p.CALM)[0]
    starts_s = next((entry.at for entry, _ in calm.of(ConnectionOpened)), 0.0)
    if starts_s > p.REFUSED_S / 3 and observed.subject.adapter == "wire":
        return None
    if tries_at(trace):
        return True
    ladder = observed.of(p.LADDER)
    lasts_s = sum(pauses_of(ladder[0])) if ladder else 0.0
    return False if lasts_s > p.REFUSED_S or not lasts_s else None


def _reasons(observed: Observed, came_back: dict[Probe, bool]) -> Measured:
    retried = {probe.reason for probe, again in came_back.items() if again and probe.reason}
    not_retried = {probe.reason for probe, again in came_back.items() if not again and probe.reason}
    mixed = sorted(retried & not_retried)
    unsaid = [reason.value for reason in (*NOT_PROBED, *_unplayed(came_back))]
    if not came_back:
        return Measured("retry.reasons", None, Confidence.NONE, "not measured")
    because = "what was tried again at least once"
    if mixed:
        because += f"; not every kind of {', '.join(mixed)} is, see below"
    because += f"; not probed: {', '.join(dict.fromkeys(unsaid))}"
    sights = tuple(_sight(observed, probe) for probe, again in came_back.items() if again)
    value = tuple(reason for reason in Reason if reason in retried)
    missed = any(probe.name in observed.not_played for probe in (*p.BY_STATUS, *p.BY_FAULT))
    sure = Confidence.LOW if missed else Confidence.MEDIUM if mixed else Confidence.HIGH
    return Measured("retry.reasons", value, sure, because, sights)


def _unplayed(came_back: dict[Probe, bool]) -> Iterator[Reason]:
    known = {probe.reason for probe in came_back}
    for probe in CAUSES:
        if probe.reason is not None and probe.reason not in known:
            yield probe.reason


def _listed(key: str, observed: Observed, came_back: dict[Probe, bool], names: dict[Probe, str]) -> Measured:
    value = {
        "retried": [names[probe] for probe, again in came_back.items() if again],
        "not_retried": [names[probe] for probe, again in came_back.items() if not again],
    }
    sights = tuple(_sight(observed, probe) for probe in came_back)
    return Measured(key, value, Confidence.HIGH, "one run each: whether a second try followed by itself", sights)


def _sight(observed: Observed, probe: Probe) -> Sight:
    trace = observed.of(probe)[0]
    tries = tries_at(trace)
    count = max(len(tries), connections(trace)) if probe.name == "unknown_ca" else len(tries)
    said = f"{count} {'try' if count == 1 else 'tries'}, then {outcome_of(trace) or 'no end'}"
    return Sight(probe.name, trace.head.seed, said, tries)

"""What two tiers must agree in, for one scenario and one client; and, beyond that, how far their traces are the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

from fake_servers.journal import RequestReceived, TruthChanged
from harness.adapters.protocol import ClientUnderTest
from harness.checks.judge import judge
from harness.runner.run import play
from harness.scenario.model import Scenario
from harness.tiers.tier import Tier
from harness.trace.entry import Entry
from harness.trace.trace import Trace, status_of

MakesClient = Callable[[], ClientUnderTest]

LEFT_OUT = frozenset({"headers", "at"})
"""What no two tiers need to have in common: an HTTP library's headers. Times are compared apart."""


def trace_on(tier: Tier, scenario: Scenario, client: MakesClient) -> Trace:
    return play(scenario, client, client_name="client", adapter="python", network="simulated", tier=tier)


def essence(trace: Trace) -> dict[str, Any]:
    """Verdicts, statuses, requests, truths, fates and how it ended: equal on every tier."""
    assert trace.end is not None
    return {
        "verdicts": {verdict.check.id: verdict.ruling.value for verdict in judge(trace)},
        "statuses": [
            (status.phase.value, status.reason, status.attempt, status.text) for status in map(status_of, trace.statuses)
        ],
        "requests": Counter(asked.exchange for _, asked in trace.of(RequestReceived)),
        "truths": [(changed.what, changed.request, changed.data) for _, changed in trace.of(TruthChanged)],
        "end": (trace.end.why, trace.end.fates, trace.end.truth, trace.end.open_connections),
    }


def lanes(trace: Trace) -> dict[str, list[dict[str, Any]]]:
    """Each lane's entries in order, without their times; every connection is a lane of its own."""
    found: dict[str, list[dict[str, Any]]] = {}
    for entry in trace.entries:
        lane = f"{entry.lane.value} {getattr(entry.what, 'connection', '')}"
        found.setdefault(lane, []).append(_plain(entry))
    return found


def edges(trace: Trace) -> list[tuple[str, ...]]:
    """Request, truth and reply, in the order of the whole trace, each with the statuses around it."""
    return [
        (entry.what.kind, str(getattr(entry.what, "request", "")))
        for entry in trace.entries
        if entry.what.kind in ("request_received", "truth_changed", "fault_fired", "reply_sent", "status_reported")
    ]


def latest_by_s(one: Trace, other: Trace) -> float:
    """By how much the moments of entries that both have in the same place differ at most."""
    return max(abs(a.at - b.at) for a, b in zip(one.entries, other.entries, strict=True))


def _plain(entry: Entry) -> dict[str, Any]:
    what = entry.what
    names = [field.name for field in fields(what)] if is_dataclass(what) else list(type(what).model_fields)  # type: ignore[union-attr]  # it is one or the other
    found = {name: getattr(what, name) for name in names if name not in LEFT_OUT}
    for seconds in ("open_s", "hold_s"):
        if seconds in found:
            found[seconds] = round(found[seconds], 2)
    return {**found, "truth": None} if "truth" in found else found

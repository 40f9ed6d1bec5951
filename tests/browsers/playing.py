"""Plays one scenario with one player, and keeps what the matrix tells of it."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from fake_servers.journal import RequestReceived
from harness.adapters.browser.chromium import shared
from harness.adapters.registry import client_from
from harness.checks.judge import judge
from harness.checks.registry import Ruling, Verdict
from harness.report.failures import marks_of
from harness.report.timeline import timeline
from harness.runner.run import play
from harness.scenario.library import scenario_name
from harness.scenario.load import load_scenario
from harness.trace.trace import Trace, is_status, status_of

WIDTH = 118
MOST_ROWS = 30


@dataclass(frozen=True, slots=True)
class Failed:
    """A check that a run failed."""

    check: str
    expected: str
    observed: str
    timeline: str


@dataclass(frozen=True, slots=True)
class Ran:
    """One run.

    Attributes:
        client: ``shaka``, ``shaka:tuned``.
        outcome: How the last round ended; empty if it never did.
        reasons: Of each round's end, in order, where one is named.
        texts: What the user was told at each round's end, in the player's words.
        posts: License requests on the wire.
        attempts: Those of them that the player made; the rest the browser sent again by itself.
        preflights: Requests that the browser made before, to ask whether it may.
        rounds: How often the user tried.
        judged: Ids of the checks that had something to say.
        inconclusive: Ids of those that could not be decided.
    """

    client: str
    scenario: str
    file: str
    outcome: str
    reasons: tuple[str, ...]
    texts: tuple[str, ...]
    posts: int
    attempts: int
    preflights: int
    rounds: int
    seconds: float
    judged: tuple[str, ...]
    failed: tuple[Failed, ...]
    inconclusive: tuple[str, ...]


def ran(spec: str, file: Path) -> Ran:
    """Play and judge a scenario once, in real time."""
    make = client_from(spec)
    client = make()
    scenario = load_scenario(file)
    name = client.profile.name
    trace = play(scenario, make, client_name=name, adapter="browser", network="loopback")
    verdicts = judge(trace)
    broken = [verdict for verdict in verdicts if verdict.ruling is Ruling.FAILED]
    ends = [status_of(round_.settled) for round_ in trace.rounds if round_.settled is not None and is_status(round_.settled)]
    last = trace.rounds[-1]
    asked = [request for _, request in trace.of(RequestReceived)]
    return Ran(
        client=name,
        scenario=scenario_name(file),
        file=file.name,
        outcome=last.outcome or "",
        reasons=tuple(end.reason.value for end in ends if end.reason is not None),
        texts=tuple(end.text for end in ends if end.text),
        posts=sum(request.exchange == "license" for request in asked),
        attempts=sum(exchanged.asked.exchange == "license" for exchanged in trace.exchanges),
        preflights=sum(request.exchange == "preflight" for request in asked),
        rounds=len(trace.rounds),
        seconds=trace.entries[-1].at,
        judged=tuple(v.check.id for v in verdicts if v.ruling in (Ruling.PASSED, Ruling.FAILED)),
        failed=tuple(Failed(v.check.id, v.finding.expected, v.finding.observed, drawn(trace, v)) for v in broken),
        inconclusive=tuple(v.check.id for v in verdicts if v.ruling is Ruling.INCONCLUSIVE),
    )


def drawn(trace: Trace, verdict: Verdict) -> str:
    """The timeline of a failure, as plain text."""
    console = Console(file=io.StringIO(), width=WIDTH, color_system=None, highlight=False, markup=False, emoji=False)
    with console.capture() as captured:
        console.print(timeline(trace, marks_of([verdict]), most=MOST_ROWS))
    return "\n".join(line.rstrip() for line in captured.get().splitlines())


def browser_version() -> str:
    """``Chromium 156.0.8078.79``."""
    return f"Chromium {shared().browser.version}"

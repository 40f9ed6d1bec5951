"""What came of an exploration, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

import harness
from harness.checks.registry import CHECKS, Ruling
from harness.cli.clients import Client
from harness.cli.exploring import Explored, Found
from harness.cli.scenario_files import command_for
from harness.explore.coverage import Coverage, Goal
from harness.explore.sentences import sentence
from harness.report.failures import failure
from harness.report.plain_text import counted, plain
from harness.status.operation import Operation

MOST_NAMED = 6
"""Rows of a table that are named when they were never taken; the JSON names all."""


def told(done: Explored, client: Client) -> Iterator[RenderableType]:
    """As a person reads it: what was done, what was covered, what broke, and what it comes to."""
    exploration = done.exploration
    yield Text(
        f"drm-harness {harness.__version__} · client {client.name} · {done.network} · {done.tier} tier · "
        f"seed {exploration.seed} · {counted(len(exploration.menu.faults), 'fault')} on "
        f"{counted(len(exploration.menu.grounds), 'ground')}"
    )
    if done.replayed.told():
        yield Text(done.replayed.told())
    for name, checks in done.replayed.regressed.items():
        yield Text(f"  {name} broke {', '.join(checks)}: {command_for(Path(name), client, network=done.network)}")
    yield Text()
    yield _table(done)
    for operation, coverage in exploration.coverage.items():
        yield from _missed(operation, coverage)
    for found in done.found:
        yield Text()
        yield from _found(found)
    yield Text()
    if done.trouble:
        yield Text(f"the database of known failures failed, so that not all is kept: {plain(done.trouble)}", style="yellow")
    yield Text(_sum(done))
    yield Text(f"digest {exploration.digest} of {counted(exploration.examples, 'scenario')}, since {done.why}")


def _table(done: Explored) -> Table:
    table = Table(box=None, pad_edge=False)
    table.add_column("operation", no_wrap=True)
    for heading in ("examples", "states", "rows", "faults", "× steps", "pairs", "passed", "failed", "covered"):
        table.add_column(heading, justify="right")
    for operation, coverage in done.exploration.coverage.items():
        goal = done.goals[operation]
        table.add_row(operation.value, *_figures(coverage, goal), f"{goal.share(coverage):.0%}")
    return table


def _figures(coverage: Coverage, goal: Goal) -> Iterator[str]:
    transitions = len(coverage.rows) or sum(step in coverage.possible_steps for step in coverage.steps)
    yield f"{coverage.histories:,}"
    yield f"{len(coverage.states)}/{len(coverage.lifecycle.states)}" if coverage.rows else "-"
    yield f"{transitions}/{goal.transitions}"
    yield f"{len(coverage.fired)}/{goal.meetings}"
    yield str(len(coverage.met))
    yield str(len(coverage.pairs))
    yield str(_checks(coverage, Ruling.PASSED))
    yield str(_checks(coverage, Ruling.FAILED))


def _checks(coverage: Coverage, ruling: Ruling) -> int:
    return sum(coverage.checks[check, ruling.value] > 0 for check in CHECKS)


def _missed(operation: Operation, coverage: Coverage) -> Iterator[Text]:
    missed = list(coverage.missed()) if coverage.rows else []
    if missed:
        named = ", ".join(f"{row.trigger} from {row.source}" for row in missed[:MOST_NAMED])
        more = f" and {len(missed) - MOST_NAMED} more" if len(missed) > MOST_NAMED else ""
        yield Text(f"  {operation.value} never took: {named}{more}")


def _found(found: Found) -> Iterator[RenderableType]:
    finding, shrunk = found.finding, found.finding.shrunk
    yield failure(finding.verdict)
    yield Text(f"  {plain(shrunk.scenario.about)}")
    size = (
        "nothing of it can be left out" if shrunk.is_minimal else "not as small as it gets: the effort for shrinking was spent"
    )
    flaky = f"; broke it in {shrunk.broke[0]} of {shrunk.broke[1]} runs" if shrunk.broke[1] > 1 or shrunk.is_flaky else ""
    if finding.was_known:
        again = f"; {counted(finding.times, 'example')} of this search came down to it" if finding.times else ""
        yield Text(f"  known before{again}")
    else:
        yield Text(
            f"  first in example {finding.example}, {counted(finding.times, 'time')} in all; "
            f"shrunk in {counted(shrunk.runs, 'run')}: {size}{flaky}"
        )
    yield Text(f"  {found.command}")


def _sum(done: Explored) -> str:
    exploration = done.exploration
    doubt = exploration.rulings[Ruling.INCONCLUSIVE]
    kinds = counted(len(exploration.findings), "distinct failure") if exploration.findings else "no failure"
    more = f", and {exploration.missed} more of checks that have enough" if exploration.missed else ""
    speed = f"{exploration.examples / max(done.took_s, 0.001):,.0f}/s"
    return (
        f"{kinds}{more} in {counted(exploration.examples, 'example')} ({doubt} inconclusive), "
        f"{done.took_s:.1f} s, {speed}; {done.share:.0%} covered"
    )


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def as_json_text(done: Explored, client: Client) -> str:
    """The same for programs, and all that was counted."""
    return json.dumps(_as_data(done, client), indent=2, ensure_ascii=False)


def _as_data(done: Explored, client: Client) -> dict[str, Any]:
    exploration = done.exploration
    return {
        "command": "explore",
        "version": harness.__version__,
        "client": client.name,
        "network": done.network,
        "tier": done.tier,
        "seed": exploration.seed,
        "examples": exploration.examples,
        "rulings": {ruling.value: times for ruling, times in exploration.rulings.items()},
        "digest": exploration.digest,
        "took_s": round(done.took_s, 3),
        "ended_since": done.why,
        "interrupted": done.interrupted,
        "covered": round(done.share, 4),
        "coverage": {
            operation.value: _covered(coverage, done.goals[operation]) for operation, coverage in exploration.coverage.items()
        },
        "played_first": asdict(done.replayed),
        "database_trouble": done.trouble,
        "failures": [_failure(found) for found in done.found],
        "failures_not_shrunk": exploration.missed,
    }


def _covered(coverage: Coverage, goal: Goal) -> dict[str, Any]:
    return {
        "examples": coverage.histories,
        "share": round(goal.share(coverage), 4),
        "states": {"visited": list(coverage.states), "all": list(coverage.lifecycle.states)},
        "transitions": [
            {"source": row.source, "trigger": row.trigger, "taken": coverage.rows[row]} for row in coverage.lifecycle.rows
        ],
        "steps": [{"from": one, "to": other, "times": times} for (one, other), times in sorted(coverage.steps.items())],
        "faults": [{"fault": name, "at": where, "fired": times} for (name, where), times in sorted(coverage.fired.items())],
        "fault_steps": [
            {"fault": name, "from": one, "to": other, "times": times}
            for (name, one, other), times in sorted(coverage.met.items())
        ],
        "pairs": [{"fault": one, "then": other, "times": times} for (one, other), times in sorted(coverage.pairs.items())],
        "checks": {
            check: {
                ruling.value: coverage.checks[check, ruling.value] for ruling in Ruling if coverage.checks[check, ruling.value]
            }
            for check in CHECKS
        },
    }


def _failure(found: Found) -> dict[str, Any]:
    finding, shrunk = found.finding, found.finding.shrunk
    return {
        "check": finding.verdict.check.id,
        "level": finding.verdict.check.level,
        "expected": finding.verdict.finding.expected,
        "observed": finding.verdict.finding.observed,
        "sentence": sentence(shrunk.scenario, finding.verdict.check.id),
        "example": finding.example,
        "times": finding.times,
        "known_before": finding.was_known,
        "scenario": str(found.file),
        "minimal": shrunk.is_minimal,
        "runs": shrunk.runs,
        "broke": {"times": shrunk.broke[0], "of": shrunk.broke[1]},
        "command": found.command,
    }

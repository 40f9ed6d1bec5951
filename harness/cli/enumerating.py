"""Plays every fault sequence of a plan, counts what was covered, and keeps the first of each kind of failure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from fake_servers.faults.base import Fault
from harness.checks.judge import worst
from harness.checks.registry import WORST_FIRST, Ruling, Verdict
from harness.cli.clients import Client
from harness.cli.scenario_files import ScenarioFiles, command_for
from harness.explore.coverage import Coverage, noting
from harness.explore.explorer import kind_of
from harness.explore.grounds import GROUNDS
from harness.explore.histories import Space, scenario_of, space_of
from harness.operations.lifecycle import Walker
from harness.report.progress import Progress
from harness.runner import Run, run
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.tiers.tier import Tier
from harness.tiers.walker import TableWalker


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be enumerated.

    Attributes:
        most: Sequences that are still all played; of more, a covering array is.
        seed: Names every run of it.
        folder: Where scenarios of failures are written.
    """

    operation: Operation
    attempts: int
    tier: Tier
    strength: int
    faults: Sequence[Fault]
    most: int
    seed: int
    folder: Path


@dataclass(slots=True)
class Failure:
    """One kind of failure: the check, and what was observed, numbers apart.

    Attributes:
        verdict: The first of its kind.
        file: The scenario in which it came first, and how to play it again.
    """

    verdict: Verdict
    scenario: Scenario
    file: Path
    command: str
    times: int = 1

    def as_data(self) -> dict[str, Any]:
        """For scripts."""
        verdict = self.verdict
        return {
            "check": verdict.check.id,
            "level": verdict.check.level,
            "expected": verdict.finding.expected,
            "observed": verdict.finding.observed,
            "times": self.times,
            "scenario": str(self.file),
            "command": self.command,
        }


@dataclass(slots=True)
class Enumeration:
    """What came of it."""

    wanted: Wanted
    spaces: tuple[Space, ...]
    coverage: Coverage
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    worst: Ruling = Ruling.NOT_APPLICABLE
    interrupted: bool = False
    files: ScenarioFiles = field(init=False)

    def __post_init__(self) -> None:
        self.files = ScenarioFiles(self.wanted.folder)

    def is_exhaustive(self, space: Space) -> bool:
        """Whether every sequence of it is played."""
        return space.size <= self.wanted.most


def spaces_of(wanted: Wanted, client: Client) -> tuple[Space, ...]:
    """The grounds of the operation that the client promises to speak on."""
    return tuple(
        space_of(ground, wanted.faults, wanted.attempts)
        for ground in GROUNDS.values()
        if ground.exchanges and ground.operation is wanted.operation and ground.dialect in client.profile.dialects
    )


def enumerate_all(wanted: Wanted, client: Client, progress: Progress) -> Enumeration:
    """Play and judge everything wanted. An interruption ends it, with what was seen until then."""
    done = Enumeration(wanted, spaces_of(wanted, client), Coverage(wanted.operation))
    make = noting(client.make, done.coverage.rows, TableWalker if wanted.tier in ("model", "message") else Walker)
    try:
        scenarios = list(_scenarios(done))
        for number, scenario in enumerate(scenarios, start=1):
            progress.show(number, len(scenarios), scenario.about)
            played = run(
                scenario,
                make,
                client_name=client.name,
                adapter=client.adapter,
                network="simulated",
                seed=wanted.seed,
                tier=wanted.tier,
            )
            _take(done, client, scenario, played)
    except KeyboardInterrupt:
        done.interrupted = True
    return done


def _scenarios(done: Enumeration) -> Iterator[Scenario]:
    wanted, number = done.wanted, 0
    for space in done.spaces:
        for history in space.histories(most=wanted.most, strength=wanted.strength):
            number += 1
            yield scenario_of(history, number=number)


def _take(done: Enumeration, client: Client, scenario: Scenario, played: Run) -> None:
    wanted = done.wanted
    done.coverage.add(played.trace)
    done.worst = min(done.worst, worst(played.verdicts), key=badness)
    note_failures(done.failures, done.files, client, wanted.tier, scenario, wanted.seed, played.verdicts)


def note_failures(
    known: dict[tuple[str, str], Failure],
    files: ScenarioFiles,
    client: Client,
    tier: Tier,
    scenario: Scenario,
    seed: int,
    verdicts: Sequence[Verdict],
) -> None:
    """Count each failure by its kind; the first of a kind is written as a scenario, so that its file alone says all."""
    for verdict in verdicts:
        if verdict.ruling is Ruling.FAILED:
            kind = kind_of(verdict)
            if kind in known:
                known[kind].times += 1
                continue
            file = files.write(scenario.model_copy(update={"seed": seed}), verdict.check.id)
            known[kind] = Failure(verdict, scenario, file, command_for(file, client, tier=tier))


def badness(ruling: Ruling) -> int:
    """A single doubtful run is no doubt about all of them: it ranks below a pass."""
    order = (Ruling.FAILED, Ruling.PASSED, Ruling.INCONCLUSIVE, Ruling.NOT_APPLICABLE)
    assert set(order) == set(WORST_FIRST)
    return order.index(ruling)

"""Plays every fault sequence of a plan, counts what was covered, and keeps the first of each kind of failure."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from fake_servers.faults.base import Fault
from harness.adapters.protocol import ClientUnderTest
from harness.checks.judge import worst
from harness.checks.registry import WORST_FIRST, Ruling, Verdict
from harness.cli.clients import Client
from harness.client.reference import ReferenceClient
from harness.operations.lifecycle import Lifecycle, Walker
from harness.report.progress import Progress
from harness.runner import Run, run
from harness.scenario.model import Scenario
from harness.scenario.write import scenario_text
from harness.status.operation import Operation
from harness.tiers.coverage import Coverage, noted
from harness.tiers.histories import GROUNDS, Space, scenario_of, space_of
from harness.tiers.tier import Tier
from harness.tiers.walker import TableWalker

NUMBERS = re.compile(r"\d+(\.\d+)?")
NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9-]+")


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


@dataclass(slots=True)
class Enumeration:
    """What came of it."""

    wanted: Wanted
    spaces: tuple[Space, ...]
    coverage: Coverage
    failures: dict[tuple[str, str], Failure] = field(default_factory=dict)
    worst: Ruling = Ruling.NOT_APPLICABLE
    interrupted: bool = False

    def is_exhaustive(self, space: Space) -> bool:
        """Whether every sequence of it is played."""
        return space.size <= self.wanted.most


def spaces_of(wanted: Wanted, client: Client) -> tuple[Space, ...]:
    """The grounds of the operation that the client promises to speak on."""
    return tuple(
        space_of(ground, wanted.faults, wanted.attempts)
        for ground in GROUNDS
        if ground.operation is wanted.operation and ground.dialect in client.profile.dialects
    )


def enumerate_all(wanted: Wanted, client: Client, progress: Progress) -> Enumeration:
    """Play and judge everything wanted. An interruption ends it, with what was seen until then."""
    done = Enumeration(wanted, spaces_of(wanted, client), Coverage(wanted.operation))
    make = _noting(client.make, done.coverage, TableWalker if wanted.tier in ("model", "message") else Walker)
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


def _noting(
    make: Callable[[], ClientUnderTest], coverage: Coverage, walks: Callable[[Lifecycle], Walker]
) -> Callable[[], ClientUnderTest]:
    def made() -> ClientUnderTest:
        client = make()
        inner = getattr(client, "wrapped", client)
        if isinstance(inner, ReferenceClient):
            noted(inner, coverage.rows, walks)
        return client

    return made


def _take(done: Enumeration, client: Client, scenario: Scenario, played: Run) -> None:
    done.coverage.add(played.trace)
    ruling = worst(played.verdicts)
    done.worst = min(done.worst, ruling, key=_badness)
    for verdict in played.verdicts:
        if verdict.ruling is Ruling.FAILED:
            kind = (verdict.check.id, NUMBERS.sub("#", verdict.finding.observed))
            known = done.failures.get(kind)
            if known is None:
                done.failures[kind] = _written(done, client, scenario, verdict)
            else:
                known.times += 1


def _badness(ruling: Ruling) -> int:
    """A single doubtful run is no doubt about all of them: it ranks below a pass."""
    order = (Ruling.FAILED, Ruling.PASSED, Ruling.INCONCLUSIVE, Ruling.NOT_APPLICABLE)
    assert set(order) == set(WORST_FIRST)
    return order.index(ruling)


def _written(done: Enumeration, client: Client, scenario: Scenario, verdict: Verdict) -> Failure:
    """The first failure of its kind, with its scenario in a file."""
    wanted = done.wanted
    wanted.folder.mkdir(parents=True, exist_ok=True)
    stem = f"{scenario.operation.value}-{verdict.check.id}"
    taken = {failure.file.name for failure in done.failures.values()}
    names = (f"{NOT_IN_A_FILE_NAME.sub('-', stem)}{tail}.yaml" for tail in ("", *(f"-{n}" for n in range(2, 10_000))))
    file = wanted.folder / next(name for name in names if name not in taken)
    file.write_text(scenario_text(replace_seed(scenario, wanted.seed)), encoding="utf-8")
    words = ["drm-harness", "run", str(file), "--client", client.spec]
    words += ["--profile", client.profile_given] if client.profile_given else []
    words += ["--seed", str(wanted.seed), "--tier", wanted.tier]
    return Failure(verdict, scenario, file, shlex.join(words))


def replace_seed(scenario: Scenario, seed: int) -> Scenario:
    """The scenario under this seed, so that its file alone says all."""
    return scenario.model_copy(update={"seed": seed})

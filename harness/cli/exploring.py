"""Explores with one client until that is enough, and writes what breaks into files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from fake_servers.faults.base import FAULTS, Network
from harness.cli.clients import Client
from harness.cli.replaying import NOTHING, Replayed, replay_first
from harness.cli.scenario_files import ScenarioFiles, command_for
from harness.cli.selection import cannot, network_of
from harness.explore.coverage import Goal, noting
from harness.explore.decoder import menu_for
from harness.explore.explorer import Example, Exploration, Finding, broken, goal_of
from harness.explore.generator import generated
from harness.explore.known import Known
from harness.explore.shrinking import Effort
from harness.operations.lifecycle import Row, Walker
from harness.report.plain_text import counted
from harness.report.progress import Progress
from harness.runner import Run, run
from harness.runner.time import Asked, TimeWanted, run_in_time
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.tiers.tier import TIERS, Tier
from harness.tiers.walker import TableWalker

LOOK_EVERY = 10
"""So many examples pass between two looks at the coverage."""

Clock = Callable[[], float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What shall be explored, and when it is enough: whichever comes first.

    Attributes:
        tier: None: the quickest that can drive the client.
        examples: Histories at most.
        coverage: Share of what can be reached, 0 to 1.
        budget_s: Real seconds, shrinking included.
        strength: Of the covering arrays.
        shrink_runs: Runs that shrinking one finding may take.
        tries: How often a run is repeated before it counts as holding, while shrinking.
    """

    operations: tuple[Operation, ...]
    faults: tuple[str, ...]
    network: Network | None
    tier: Tier | None
    examples: int | None
    coverage: float | None
    budget_s: float | None
    strength: int
    shrink_runs: int | None
    tries: int | None
    seed: int
    folder: Path


@dataclass(slots=True)
class Found:
    """A finding with its file, and the command that plays it again."""

    finding: Finding
    file: Path
    command: str


@dataclass(slots=True)
class Explored:
    """What came of it.

    Attributes:
        replayed: What came of what was known before.
        trouble: Why the database of known failures failed; empty if it did not.
    """

    exploration: Exploration
    goals: dict[Operation, Goal]
    network: Network
    tier: Tier
    took_s: float = 0.0
    why: str = ""
    found: list[Found] = field(default_factory=list)
    interrupted: bool = False
    replayed: Replayed = NOTHING
    trouble: str = ""

    @property
    def share(self) -> float:
        """How much of what can be reached was reached, over all operations, 0 to 1."""
        coverage = self.exploration.coverage
        reached = sum(goal.share(coverage[operation]) * goal.total for operation, goal in self.goals.items())
        return reached / max(1, sum(goal.total for goal in self.goals.values()))


def explore(wanted: Wanted, client: Client, progress: Progress, clock: Clock, known: Known | None = None) -> Explored:
    """Play what is known, then explore until it is enough. An interruption ends it, with what was found until then."""
    began_s = clock()
    network = network_of(client, wanted.network)
    tier = wanted.tier or quickest(client, network)

    def is_over() -> bool:
        return wanted.budget_s is not None and clock() - began_s >= wanted.budget_s

    taken: Counter[Row] = Counter()
    menu = menu_for(client.profile, wanted.operations, faults_on(network, wanted.faults))
    play, effort = _player(client, network, tier, taken), _effort(wanted, network, is_over)
    exploration = Exploration(menu, wanted.seed, play, effort, taken)
    operations = tuple(exploration.coverage)
    by_rows = tier in ("model", "message")
    goals = {operation: goal_of(menu, operation, by_rows=by_rows) for operation in operations}
    done = Explored(exploration, goals, network, tier)
    files = ScenarioFiles(wanted.folder)

    def note_findings() -> None:
        for finding in exploration.findings[len(done.found) :]:
            done.found.append(_written(finding, files, client, done, exploration))
            if known is not None:
                known.keep(finding.shrunk.scenario)

    try:
        on_the_wire = _player(client, network, "wire", Counter())
        done.replayed = replay_first(
            exploration, known, client, network=network, on_the_wire=on_the_wire, progress=progress, is_over=is_over
        )
        taken.clear()
        note_findings()
        progress.say(f"laying out covering arrays of strength {wanted.strength}")
        drawn = generated(menu, wanted.seed, strength=wanted.strength, kept=exploration.kept)
        for example in exploration.explore(drawn):
            note_findings()
            _tell(progress, done, example, clock() - began_s)
            if why := _enough(wanted, done, example, is_over):
                done.why = why
                break
        else:
            done.why = "there was nothing new to draw"
    except KeyboardInterrupt:
        done.interrupted, done.why = True, "it was interrupted"
    done.took_s = clock() - began_s
    done.trouble = known.trouble if known is not None else ""
    return done


def quickest(client: Client, network: Network) -> Tier:
    """The tier with the least of the wire in it that can drive the client."""
    return next(tier for tier in TIERS if not cannot(client, network, tier))


def faults_on(network: Network, names: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The faults of these names, or all, that can be had on the network."""
    return tuple(name for name in names or FAULTS if network in FAULTS[name].reach)


def _effort(wanted: Wanted, network: Network, is_over: Callable[[], bool]) -> Effort:
    """In virtual time all it takes; in real time less, and each candidate several times, since no two runs are the same."""
    runs, tries = (2_000, 1) if network == "simulated" else (60, 2)
    return Effort(wanted.shrink_runs or runs, wanted.tries or tries, is_over)


def _player(client: Client, network: Network, tier: Tier, rows: Counter[Row]) -> Callable[[Scenario], Run]:
    make = noting(client.make, rows, TableWalker if tier in ("model", "message") else Walker)

    def played(scenario: Scenario) -> Run:
        if network == "loopback" and not client.is_in_process:
            return run_in_time(scenario, make, TimeWanted(Asked.AUTO), client_name=client.name, adapter=client.adapter)
        return run(scenario, make, client_name=client.name, adapter=client.adapter, network=network, tier=tier)

    return played


def _written(finding: Finding, files: ScenarioFiles, client: Client, done: Explored, exploration: Exploration) -> Found:
    """The finding's file. What the wire bears out, too, is played on the wire again."""
    scenario, check = finding.shrunk.scenario, finding.verdict.check.id
    file = files.write(scenario, check)
    tier = done.tier
    if tier != "wire":
        again = run(scenario, client.make, client_name=client.name, adapter=client.adapter, network=done.network, tier="wire")
        tier = "wire" if broken(again, check) else tier
    return Found(finding, file, command_for(file, client, network=done.network, tier=tier))


def _enough(wanted: Wanted, done: Explored, example: Example, is_over: Callable[[], bool]) -> str:
    """Why it is enough; empty while it is not."""
    if wanted.examples is not None and example.number >= wanted.examples:
        return f"{counted(wanted.examples, 'example')} had been asked for"
    if wanted.coverage is not None and example.number % LOOK_EVERY == 0 and done.share >= wanted.coverage:
        return f"{wanted.coverage:.0%} was covered"
    return f"{wanted.budget_s:g} s were over" if is_over() else ""


def _tell(progress: Progress, done: Explored, example: Example, passed_s: float) -> None:
    exploration = done.exploration
    progress.say(
        f"{exploration.examples:,} examples · {exploration.examples / max(passed_s, 0.001):,.0f}/s · "
        f"{sum(coverage.transitions for coverage in exploration.coverage.values()):,} transitions, {example.transitions} new · "
        f"{counted(len(exploration.findings), 'failure')}"
    )

"""The search itself: draw a history, play it, count what was seen, and make a finding of whatever breaks.

Refuses to know what time it is: whoever runs it stops when that is enough.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from harness.checks.judge import worst
from harness.checks.registry import Ruling, Verdict
from harness.explore.coverage import BEFORE, Coverage, Goal
from harness.explore.decoder import Menu
from harness.explore.feeding import Kept
from harness.explore.histories import History, scenario_of
from harness.explore.sentences import sentence
from harness.explore.shrinking import ALL_IT_TAKES, Effort, Shrunk, shrink
from harness.operations.lifecycle import Row
from harness.runner import Run
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.status.phase import Phase

NUMBERS = re.compile(r"\d+(\.\d+)?")

MOST_OF_A_CHECK = 5
"""Findings of one check that are shrunk; a client that breaks it in more ways than these has enough to do."""

Play = Callable[[Scenario], Run]
"""Plays a scenario with a fresh client, and judges it."""

Kind = tuple[str, str]
"""A check, and what was observed, numbers apart."""


@dataclass(frozen=True, slots=True)
class Example:
    """One history that was played.

    Attributes:
        number: From 1.
        data: The bytes that stand for it.
        news: How many things were seen that had not been seen before.
        transitions: How many of them are transitions.
    """

    number: int
    data: bytes
    scenario: Scenario
    run: Run
    news: int
    transitions: int


@dataclass(slots=True)
class Finding:
    """A check that is broken, and the smallest scenario that shows it.

    Attributes:
        verdict: The check's words on the shrunk scenario.
        example: Number of the example in which it came first; 0 if it was known before.
        first: That scenario, as it was drawn.
        times: How many examples broke the check in a way that comes down to this; replays are none.
    """

    verdict: Verdict
    example: int
    first: Scenario
    shrunk: Shrunk
    times: int = 1

    @property
    def was_known(self) -> bool:
        """Whether it was known before this search."""
        return self.example == 0


@dataclass
class Exploration:
    """What a search has come to so far. Append to it with :meth:`take`.

    Attributes:
        taken: Rows that the client took, if it tells; whoever plays writes them here, and they are counted after each run.
        kept: Inputs that led to new transitions, for whoever draws.
        findings: Distinct ones, in the order in which they came.
        missed: Failures of a check that has enough findings already; they are counted, not shrunk.
    """

    menu: Menu
    seed: int
    play: Play
    effort: Effort = ALL_IT_TAKES
    taken: Counter[Row] = field(default_factory=Counter)
    kept: Kept = field(default_factory=Kept)
    coverage: dict[Operation, Coverage] = field(init=False)
    findings: list[Finding] = field(default_factory=list)
    missed: int = 0
    examples: int = 0
    rulings: dict[Ruling, int] = field(default_factory=lambda: dict.fromkeys(Ruling, 0))

    def __post_init__(self) -> None:
        self.coverage = {operation: Coverage(operation) for operation in self._operations}
        self._of_kind: dict[Kind, Finding] = {}
        self._digest = hashlib.sha256()

    @property
    def _operations(self) -> tuple[Operation, ...]:
        return tuple(dict.fromkeys(ground.operation for ground in self.menu.grounds))

    @property
    def digest(self) -> str:
        """Names the scenarios that were played: the same seed and version give the same, byte for byte."""
        return self._digest.hexdigest()[:16]

    def explore(self, histories: Iterable[tuple[bytes, History]]) -> Iterator[Example]:
        """Play one history after the other, each when it is asked for."""
        for data, history in histories:
            scenario = scenario_of(history, number=self.examples + 1, found_by="explored")
            yield self.take(data, scenario.model_copy(update={"seed": self.seed}))

    def take(self, data: bytes, scenario: Scenario) -> Example:
        """Play one scenario, count what was seen and shrink what is broken."""
        self.examples += 1
        self._digest.update(scenario.model_dump_json().encode())
        coverage = self.coverage[scenario.operation]
        size, transitions = coverage.size, coverage.transitions
        run = self.play(scenario)
        coverage.add(run.trace, run.verdicts)
        self._count_rows(coverage)
        self.rulings[worst(run.verdicts)] += 1
        example = Example(self.examples, data, scenario, run, coverage.size - size, coverage.transitions - transitions)
        if example.transitions:
            self.kept.keep(data)
        for verdict in run.verdicts:
            if verdict.ruling is Ruling.FAILED:
                self._found(example, verdict)
        self._count_rows(coverage)  # those of shrinking, too
        return example

    def replay(self, scenario: Scenario) -> bool:
        """Play what broke a check once; whether it still breaks one. It counts as no example, and is as small as it is."""
        failed = [verdict for verdict in self.play(scenario).verdicts if verdict.ruling is Ruling.FAILED]
        for verdict in failed:
            finding = Finding(verdict, 0, scenario, Shrunk(scenario, 1, True, (1, 1)), times=0)
            self._of_kind.setdefault(kind_of(verdict), self._distinct(finding))
        return bool(failed)

    def _count_rows(self, coverage: Coverage) -> None:
        coverage.rows.update(self.taken)
        self.taken.clear()

    # ── findings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _found(self, example: Example, verdict: Verdict) -> None:
        kind = kind_of(verdict)
        if (known := self._of_kind.get(kind)) is not None:
            known.times += 1
        elif sum(finding.verdict.check.id == verdict.check.id for finding in self.findings) >= MOST_OF_A_CHECK:
            self.missed += 1
        else:
            self._of_kind[kind] = self._distinct(self._shrunk(example, verdict))

    def _distinct(self, found: Finding) -> Finding:
        """The finding that is known already, if it comes down to the same scenario."""
        for known in self.findings:
            if known.verdict.check is found.verdict.check and _cause(known) == _cause(found):
                known.times += found.times
                return known
        self.findings.append(found)
        return found

    def _shrunk(self, example: Example, verdict: Verdict) -> Finding:
        last = [verdict]

        def breaks(scenario: Scenario) -> bool:
            found = broken(self.play(scenario), verdict.check.id)
            if found is not None:
                last[0] = found
            return found is not None

        shrunk = shrink(example.scenario, breaks, self.effort)
        told = self._told(shrunk.scenario, example, verdict.check.id)
        return Finding(
            last[0],
            example.number,
            example.scenario,
            Shrunk(told, shrunk.runs, shrunk.is_minimal, shrunk.broke),
        )

    def _told(self, scenario: Scenario, example: Example, check: str) -> Scenario:
        """The scenario as a file tells it."""
        source = f"drm-harness explore, seed {self.seed}, example {example.number}"
        changes = {"about": sentence(scenario, check), "source": source, "tags": ("explored", check), "name": "unnamed"}
        return scenario.model_copy(update=changes)


def broken(run: Run, check: str) -> Verdict | None:
    """The verdict on this check, if it failed."""
    return next((verdict for verdict in run.verdicts if verdict.check.id == check and verdict.ruling is Ruling.FAILED), None)


def kind_of(verdict: Verdict) -> Kind:
    """What makes two failures one kind."""
    return verdict.check.id, NUMBERS.sub("#", verdict.finding.observed)


def _cause(finding: Finding) -> object:
    """What makes two shrunk findings one: the same faults and acts on the same operation, numbers apart."""
    scenario = finding.shrunk.scenario
    faults = tuple((rule.fault.name, rule.when.exchange, rule.when.service) for rule in scenario.faults)
    return scenario.operation, scenario.dialect, faults, tuple((action.do, action.when) for action in scenario.user)


def goal_of(menu: Menu, operation: Operation, *, by_rows: bool) -> Goal:
    """What can be reached of an operation on this menu.

    Args:
        by_rows: The client is built on our core, so that the rows it takes can be seen, and not only what it says.
    """
    coverage, reported = Coverage(operation), {phase.value for phase in Phase if menu.profile.reports(phase)}
    said = [step for step in coverage.possible_steps if {*step} <= {BEFORE, *reported}]
    return Goal(len(coverage.lifecycle.rows) if by_rows else len(said), menu.meetings_of(operation))

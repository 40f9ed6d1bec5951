"""How soon a search finds each seeded bug, and how small it makes it; beside plain chance, in the same run.

A bug counts as found with the first example in which the check fails that the catalogue names for it. Time is processor time of
this process. Plain chance draws every decision of the same decoder evenly: no preference for what real networks do or for what
is rare, no covering arrays, nothing followed up. It is given ten times the examples that ours took, and then given up.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from random import Random
from statistics import median
from time import process_time
from typing import TypeVar

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS
from harness.explore.coverage import Coverage, noting
from harness.explore.decisions import Written
from harness.explore.decoder import Menu, draw, menu_for
from harness.explore.explorer import broken
from harness.explore.feeding import Kept
from harness.explore.generator import generated
from harness.explore.histories import History, scenario_of
from harness.explore.shrinking import Shrunk, shrink
from harness.operations.lifecycle import Row, Walker
from harness.runner import Run, run
from harness.scenario.model import Scenario
from harness.status.operation import Operation
from harness.tiers.tier import TIERS, Tier, why_not
from harness.tiers.walker import TableWalker
from tests.flawed_clients.catalogue import MUTANTS, Mutant

T = TypeVar("T")
Drawn = Iterator[tuple[bytes, History]]

SEEDS, MOST = 10, 2_000
CHANCE_TIMES, CHANCE_LEAST = 10, 100
FAULTS_IN_VIRTUAL_TIME = [name for name in FAULTS if "simulated" in FAULTS[name].reach]


class Even:
    """Plain chance."""

    def __init__(self, rng: Random) -> None:
        self._rng = rng

    def pick(self, what: str, options: Sequence[T], weights: Sequence[int] | None = None) -> T:
        return self._rng.choice(options)


@dataclass(frozen=True, slots=True)
class Hunt:
    """One search for one bug.

    Attributes:
        examples: How many it took; None if ``most`` were not enough.
        most: When it was given up.
        shrunk: What came of shrinking, for our search only.
    """

    examples: int | None
    most: int
    seconds: float
    shrunk: Shrunk | None = None
    shrunk_s: float = 0.0

    @property
    def cost(self) -> int:
        """Examples, at the least."""
        return self.examples or self.most


class Hunted:
    """A flawed client, and the means to play it as ``drm-harness explore`` does: on the quickest tier that can drive it."""

    def __init__(self, mutant: Mutant) -> None:
        sample = mutant.client()
        self.mutant = mutant
        # drawn scenarios expect nothing that is true of their own situation alone
        self._names_it = mutant.caught - {"EXPECT-001"} if mutant.caught_by == "EXPECT-001" else {mutant.caught_by}
        self.menu: Menu = menu_for(sample.profile, faults=FAULTS_IN_VIRTUAL_TIME)
        self.tier: Tier = next(tier for tier in TIERS if not why_not(getattr(sample, "wrapped", sample), tier))
        self._rows: Counter[Row] = Counter()
        self._make = noting(mutant.client, self._rows, TableWalker if self.tier in ("model", "message") else Walker)

    def ours(self, seed: int) -> Hunt:
        """The search of ``drm-harness explore``, and what it makes of what it finds."""
        began_s, kept = process_time(), Kept()
        found = self._first(islice(generated(self.menu, seed, kept=kept), MOST), seed, kept)
        found_s = process_time()
        if found is None:
            return Hunt(None, MOST, found_s - began_s)
        number, scenario = found
        shrunk = shrink(scenario, lambda smaller: self._breaks(self._play(smaller)))
        return Hunt(number, MOST, found_s - began_s, shrunk, process_time() - found_s)

    def by_chance(self, seed: int, most: int) -> Hunt:
        """Plain chance, given up after so many."""
        began_s = process_time()
        found = self._first(islice(_by_chance(self.menu, seed), most), seed)
        return Hunt(found[0] if found else None, most, process_time() - began_s)

    def _first(self, drawn: Drawn, seed: int, kept: Kept | None = None) -> tuple[int, Scenario] | None:
        seen = {operation: Coverage(operation) for operation in Operation}
        for number, (data, history) in enumerate(drawn, start=1):
            scenario = scenario_of(history, number=number, found_by="explored").model_copy(update={"seed": seed})
            played = self._play(scenario)
            if self._breaks(played):
                return number, scenario
            if kept is not None:
                coverage = seen[scenario.operation]
                before = coverage.transitions
                coverage.add(played.trace)
                coverage.rows.update(self._rows)
                if coverage.transitions > before:
                    kept.keep(data)
            self._rows.clear()
        return None

    def _play(self, scenario: Scenario) -> Run:
        return run(scenario, self._make, client_name=self.mutant.name, adapter="python", network="simulated", tier=self.tier)

    def _breaks(self, played: Run) -> bool:
        return any(broken(played, check) for check in self._names_it)


def _by_chance(menu: Menu, seed: int) -> Drawn:
    source = Even(Random(f"chance {seed}"))
    while True:
        written = Written(source)
        history = draw(menu, written)
        yield written.data, history


# ── as a table ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Figures:
    """What came of one bug over all seeds."""

    mutant: Mutant
    ours: tuple[Hunt, ...]
    chance: tuple[Hunt, ...]

    @property
    def examples(self) -> float:
        """The median of ours."""
        return median(hunt.cost for hunt in self.ours)

    @property
    def ratio(self) -> float:
        """How many times as many examples plain chance takes; at least, where it found nothing."""
        return median(hunt.cost for hunt in self.chance) / self.examples

    @property
    def events(self) -> int:
        """Faults and acts of the smallest scenario that any seed came to."""
        shrunk = [hunt.shrunk.scenario for hunt in self.ours if hunt.shrunk is not None]
        return min((len(scenario.faults) + len(scenario.user) for scenario in shrunk), default=0)

    def line(self) -> str:
        """As a row of the table in docs/performance.md."""
        found, by_chance = (sum(hunt.examples is not None for hunt in hunts) for hunts in (self.ours, self.chance))
        shrunk = [hunt for hunt in self.ours if hunt.shrunk is not None]
        cells = (
            f"{self.mutant.name}{' ²' if self.mutant.needs else ''}",
            f"{found}/{SEEDS}",
            f"{self.examples:.0f} ({max(hunt.cost for hunt in self.ours)})",
            f"{median(hunt.seconds for hunt in self.ours):.2f}",
            f"{median(hunt.shrunk.runs for hunt in shrunk if hunt.shrunk):.0f}" if shrunk else "–",
            f"{median(hunt.shrunk_s for hunt in shrunk):.2f}" if shrunk else "–",
            str(self.events),
            f"{by_chance}/{SEEDS}",
            f"{median(hunt.cost for hunt in self.chance):.0f}",
            f"{'' if by_chance > SEEDS // 2 else '≥ '}{self.ratio:.1f}",
        )
        return f"| {' | '.join(cells)} |"


HEADINGS = ("flawed client", "found", "examples (worst)", "s", "shrunk in", "s", "events", "by chance", "examples", "ratio")


def detection() -> None:
    """Every flawed client, seed by seed, ours and plain chance in turns."""
    print(f"detection: {len(MUTANTS)} bugs, {SEEDS} seeds each, at most {MOST:,} examples; ² needs two particular events")
    print(f"| {' | '.join(HEADINGS)} |\n|{'---|' * len(HEADINGS)}")
    table: list[Figures] = []
    for mutant in MUTANTS:
        hunted = Hunted(mutant)
        ours, chance = [], []
        for seed in range(SEEDS):
            ours.append(hunted.ours(seed))
            chance.append(hunted.by_chance(seed, max(CHANCE_LEAST, CHANCE_TIMES * ours[-1].cost)))
        figures = Figures(mutant, tuple(ours), tuple(chance))
        table.append(figures)
        print(figures.line(), flush=True)
    always = sum(all(hunt.examples is not None for hunt in figures.ours) for figures in table)
    seconds = [median(hunt.seconds for hunt in figures.ours) for figures in table]
    print(f"found with every seed: {always} of {len(table)} bugs")
    print(f"the median bug: {median(figures.examples for figures in table):.0f} examples, {median(seconds):.2f} s")
    for name, some in (("all bugs", table), ("bugs that need two events", [each for each in table if each.mutant.needs])):
        print(f"ratio to plain chance, {name}: median {median(figures.ratio for figures in some):.1f}")

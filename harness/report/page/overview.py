"""What stands at the top of the page: the sum, and clients against checks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from harness.checks.registry import Check, Ruling
from harness.report.matrix import checks_with_a_word, standings
from harness.report.page.heat_map import HeatMap
from harness.report.page.story import Story
from harness.report.page.words import RULINGS, STANDINGS, Word
from harness.report.plain_text import counted
from harness.report.results import NotRun, Report, Standing
from harness.report.terminal import needs_a_look, times, where

LETTERS = dict(zip(Standing, "FUIEAPN", strict=True))
"""One letter for each standing, by which the page's filters find runs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A client's word on a check: the worst of its runs.

    Attributes:
        run: Id of the first run that has it; empty if none has.
        times: In how many runs it is so.
        judged: In how many runs the check said anything.
    """

    word: Word
    client: int
    run: str
    times: int
    judged: int


@dataclass(frozen=True)
class Overview:
    """A report, as its page has it."""

    report: Report
    heat_maps: Sequence[HeatMap] = ()

    @cached_property
    def stories(self) -> tuple[Story, ...]:
        """Every run, in order."""
        return tuple(Story(number, result) for number, result in enumerate(self.report.results, start=1))

    @cached_property
    def to_look_at(self) -> tuple[Story, ...]:
        """The runs that did not hold, or not quite."""
        return tuple(story for story in self.stories if needs_a_look(story.result))

    @cached_property
    def held(self) -> tuple[Story, ...]:
        """All others."""
        return tuple(story for story in self.stories if not needs_a_look(story.result))

    @property
    def word(self) -> Word:
        """What the whole comes to."""
        return RULINGS[self.report.ruling]

    @property
    def subject(self) -> str:
        """What all of it is about, in one line."""
        scenarios = {story.result.scenario for story in self.stories}
        where_ = dict.fromkeys(where(story.result.trace.head) for story in self.stories)
        parts = [
            counted(len(self.clients), "client"),
            counted(len(scenarios), "scenario"),
            counted(len(self.stories), "run"),
            *where_,
        ]
        return " · ".join(parts)

    @property
    def counts(self) -> Iterator[tuple[Word, int]]:
        """How many runs came out how."""
        counts = Counter(story.result.ruling for story in self.stories)
        return (
            (RULINGS[ruling], counts[ruling])
            for ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE, Ruling.PASSED)
            if counts[ruling]
        )

    @property
    def notes(self) -> Iterator[str]:
        """What is to be known of all runs."""
        yield from times(self.report)
        if invented := sorted({exchange for result in self.report.results for exchange in result.invented}):
            yield f"wire format of our own: {', '.join(invented)}"
        for passed in self.report.unexpected:
            yield f"{passed.check} held in {passed.scenario}, and is listed as an expected failure at {passed.place}"
        if self.report.unused:
            yield f"expected failures that cover no run here: {', '.join(self.report.unused)}"
        if self.report.interrupted:
            yield "interrupted: what is told here is what was seen until then"

    @cached_property
    def clients(self) -> tuple[str, ...]:
        """Every client, in order of first mention."""
        return self.report.clients

    @property
    def tags(self) -> list[str]:
        """Every tag of a scenario that was played."""
        return sorted({tag for story in self.stories for tag in story.result.trace.head.scenario.tags})

    # ── clients × checks ─────────────────────────────────────────────────────────────────────────────────────────────

    @cached_property
    def checks(self) -> list[Check]:
        """The checks that had a word at least once, in the order of the registry."""
        return checks_with_a_word(self.report)

    @property
    def families(self) -> list[tuple[str, list[Check]]]:
        """The same by family: STATUS, RETRY, SAFETY …"""
        return [(family, list(those)) for family, those in groupby(self.checks, key=lambda check: check.id.rpartition("-")[0])]

    def row(self, check: Check) -> Iterator[Cell]:
        """A check's cells, client by client."""
        return (self._cells[number, check.id] for number in range(len(self.clients)))

    @cached_property
    def _cells(self) -> dict[tuple[int, str], Cell]:
        worst = standings(self.report)
        seen: dict[tuple[str, str], Counter[Standing]] = {}
        first: dict[tuple[str, str, Standing], str] = {}
        for story in self.stories:
            for verdict in story.result.verdicts:
                place, standing = (story.result.client, verdict.check.id), story.result.standing(verdict)
                seen.setdefault(place, Counter())[standing] += 1
                first.setdefault((*place, standing), story.id)
        cells: dict[tuple[int, str], Cell] = {}
        for number, client in enumerate(self.clients):
            for check in self.checks:
                standing, counts = worst[client, check.id], seen.get((client, check.id), Counter())
                judged = counts.total() - counts[Standing.NOT_APPLICABLE]
                run = first.get((client, check.id, standing), "")
                cells[number, check.id] = Cell(STANDINGS[standing], number, run, counts[standing], judged)
        return cells

    def ruling(self, client: str) -> Word:
        """What all of a client's runs come to."""
        return RULINGS[self.report.ruling_of(client)]

    @property
    def legend(self) -> list[Word]:
        """The words that the matrix uses."""
        used = {cell.word for cell in self._cells.values()}
        return [word for word in STANDINGS.values() if word in used]

    def letters(self, story: Story) -> str:
        """A letter for each of ``checks``: how it came out in this run."""
        known = {verdict.check.id: LETTERS[story.result.standing(verdict)] for verdict in story.result.verdicts}
        return "".join(known.get(check.id, "N") for check in self.checks)

    # ── what was not run ─────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def not_run(self) -> list[tuple[str, str, bool, list[str]]]:
        """Client, why, whether that is an error, and the scenarios."""
        grouped: dict[tuple[str, str, bool], list[str]] = {}
        parts: tuple[NotRun, ...] = (*self.report.errors, *self.report.not_applicable)
        for one in parts:
            grouped.setdefault((one.client, one.why, one.is_error), []).append(one.scenario)
        return [(*place, scenarios) for place, scenarios in grouped.items()]

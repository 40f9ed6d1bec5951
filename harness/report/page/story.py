"""One run as its section of the page tells it: facts, what was broken and where, the timeline, the path, what held."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from harness.checks.registry import Verdict
from harness.report.entry_text import entry_text
from harness.report.failures import marks_of, three_lines
from harness.report.page.diagram import Diagram, diagram
from harness.report.page.glyphs import sign
from harness.report.page.path_taken import PathTaken, Step, path_taken
from harness.report.results import Result, Standing
from harness.report.terminal import footing, where
from harness.report.timeline import Gap, Row, rows, shown
from harness.status.phase import Phase
from harness.trace.entry import Entry, StatusReported

MOST_ROWS = 120
"""Of a run's timeline: more than that nobody reads on a page, and the trace has all of them."""
MOST_STEPS = 60
MOST_PROOFS = 8
LONGEST_TEXT = 280
"""Characters of the sentence that a client told its user; the trace has all of it."""
NOTABLE_PAUSE_S = 0.5

TOLD = (Standing.FAILED, Standing.ADVISED, Standing.EXPECTED)
"""Verdicts that are told with their proof, in this order."""


@dataclass(frozen=True, slots=True)
class Line:
    """A row of the timeline.

    Attributes:
        anchor: What a check's proof links to; empty if none does.
        said: The sentence that the user read.
        pause_s: How long nothing had happened before it, if that is notable.
    """

    at: float
    lane: str
    sign: str
    text: str
    said: str = ""
    marks: tuple[int, ...] = ()
    anchor: str = ""
    pause_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LeftOut:
    """So many entries are not shown here."""

    entries: int


@dataclass(frozen=True, slots=True)
class Proof:
    """An entry that proves a verdict: where the timeline has it, or else only when it was."""

    anchor: str
    at: float
    entry: int
    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """A verdict that is told in full; ``number`` is how the timeline marks its proof."""

    number: int
    verdict: Verdict
    standing: Standing
    expected: str
    observed: str
    because: str
    proofs: tuple[Proof, ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """One step of the path, or the same one several times in a row."""

    number: int
    step: Step
    times: int


@dataclass(frozen=True)
class Story:
    """A run, numbered within its page."""

    number: int
    result: Result

    @property
    def id(self) -> str:
        """Its anchor. Made of its number alone: a name may come from anywhere."""
        return f"run-{self.number}"

    @property
    def facts(self) -> Iterator[tuple[str, str]]:
        """Name and value."""
        head = self.result.trace.head
        yield "client", f"{head.client} ({head.adapter})"
        yield "where", f"{where(head)}, seed {head.seed}, drm-harness {head.version}"
        for line in footing(self.result):
            name, _, value = line.partition(": ")
            yield name, value

    @property
    def operation(self) -> str:
        """The operation, in words."""
        return self.result.trace.head.scenario.operation.value.replace("_", " ")

    @cached_property
    def broken(self) -> tuple[Broken, ...]:
        """What failed, worst first."""
        told = [v for standing in TOLD for v in self.result.those(standing)]
        return tuple(self._broken(number, verdict) for number, verdict in enumerate(told, start=1))

    def _broken(self, number: int, verdict: Verdict) -> Broken:
        _, expected, observed = three_lines(verdict)
        entries = self.result.trace.entries
        shown_here = {line.anchor for line in self.lines if isinstance(line, Line)}
        places = [n for n in dict.fromkeys(verdict.finding.evidence) if 0 <= n < len(entries)]
        proofs = tuple(
            Proof(a if (a := self._anchor(n)) in shown_here else "", entries[n].at, n, entry_text(entries[n].what))
            for n in places
        )
        because = self.result.expected.get(verdict.check.id, "")
        return Broken(number, verdict, self.result.standing(verdict), expected, observed, because, proofs)

    @cached_property
    def doubts(self) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
        """Why something could not be decided, and which checks say so."""
        return _by_reason(self.result.those(Standing.INCONCLUSIVE))

    @property
    def silent(self) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
        """Why something was not judged, and which checks say so."""
        return _by_reason(self.result.those(Standing.NOT_APPLICABLE))

    @property
    def held(self) -> tuple[Verdict, ...]:
        """What held."""
        return self.result.those(Standing.PASSED)

    @cached_property
    def lines(self) -> tuple[Line | LeftOut, ...]:
        """The timeline."""
        told = [v for standing in TOLD for v in self.result.those(standing)]
        parts = shown(rows(self.result.trace, marks_of(told)), MOST_ROWS)
        lines: list[Line | LeftOut] = []
        before = 0.0
        for part in parts:
            if isinstance(part, Gap):
                lines.append(LeftOut(part.entries))
            else:
                lines.append(self._line(part, before))
            before = part.entries[-1].at if isinstance(part, Row) else float("inf")
        return tuple(lines)

    def _line(self, row: Row, before: float) -> Line:
        first = row.first
        pause = first.at - before
        return Line(
            first.at,
            first.lane.value,
            sign(first.what),
            row.text,
            _sentence(first) if len(row.entries) == 1 else "",
            row.marks,
            self._anchor(first.n) if row.marks else "",
            pause if pause >= NOTABLE_PAUSE_S else 0.0,
        )

    def _anchor(self, entry: int) -> str:
        return f"{self.id}-entry-{entry}"

    # ── the way through the operation's table ────────────────────────────────────────────────────────────────────────

    @cached_property
    def path(self) -> PathTaken | None:
        """The way that the client's words tell of."""
        return path_taken(self.result.trace)

    @property
    def diagram(self) -> Diagram:
        """The table's figure."""
        return diagram(self.result.trace.head.scenario.operation)

    @cached_property
    def taken(self) -> tuple[Taken, ...]:
        """The steps, the same ones in a row counted."""
        steps = self.path.steps if self.path else ()
        runs = [list(group) for _, group in groupby(steps, key=lambda step: step.row)]
        return tuple(Taken(number, run[0], len(run)) for number, run in enumerate(runs, start=1))

    @property
    def steps(self) -> tuple[Taken, ...]:
        """Those that are listed."""
        return self.taken[:MOST_STEPS]

    @property
    def numbered_arcs(self) -> dict[int, str]:
        """Arc to the numbers of its steps."""
        numbers: dict[int, list[str]] = {}
        for taken in self.taken:
            numbers.setdefault(self.diagram.arc(taken.step.row), []).append(str(taken.number))
        return {arc: " ".join(each if len(each) <= 3 else [*each[:2], "…"]) for arc, each in numbers.items()}

    @property
    def visited(self) -> list[int]:
        """The states that it came through, in their order in the figure."""
        states = {state for taken in self.taken for state in (taken.step.row.source, taken.step.row.destination)}
        return [number for number, place in enumerate(self.diagram.places) if place.state in states]

    @property
    def left_by(self) -> Phase | None:
        """The phase that no way explains, if there is one."""
        left = self.path.left_by.what if self.path and self.path.left_by else None
        return left.status.phase if isinstance(left, StatusReported) else None


def _sentence(entry: Entry) -> str:
    text = entry.what.status.text.strip() if isinstance(entry.what, StatusReported) else ""
    return text if len(text) <= LONGEST_TEXT else f"{text[: LONGEST_TEXT - 1]}…"


def _by_reason(verdicts: Sequence[Verdict]) -> tuple[tuple[str, tuple[Verdict, ...]], ...]:
    reasons: dict[str, list[Verdict]] = {}
    for verdict in verdicts:
        reasons.setdefault(verdict.finding.observed, []).append(verdict)
    return tuple((why, tuple(those)) for why, those in reasons.items())

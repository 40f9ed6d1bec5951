"""What a report is about: judged runs, what was planned and could not be run, and what all of it comes to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

from harness.checks.registry import WORST_FIRST, Ruling, Verdict
from harness.report.plain_text import counted, plain
from harness.trace.trace import Trace


class Standing(StrEnum):
    """A verdict as a report words it: its ruling, its level, and whether it had been expected."""

    FAILED = "FAIL"
    UNEXPECTED = "UNEXPECTED"  # listed as an expected failure, and held
    INCONCLUSIVE = "inconclusive"
    EXPECTED = "expected"  # failed, as listed
    ADVISED = "fail"  # a should-rule: reported, and breaks nothing
    PASSED = "pass"
    NOT_APPLICABLE = "n/a"


WORST_STANDING_FIRST = tuple(Standing)


class Exit(IntEnum):
    """What the command line answers. A script may rely on these."""

    HELD = 0
    BROKEN = 1
    USAGE = 2
    INCONCLUSIVE = 3


EXITS = {
    Ruling.PASSED: Exit.HELD,
    Ruling.FAILED: Exit.BROKEN,
    Ruling.INCONCLUSIVE: Exit.INCONCLUSIVE,
    Ruling.NOT_APPLICABLE: Exit.INCONCLUSIVE,
}


@dataclass(frozen=True, slots=True)
class Result:
    """A judged run, and what its reader needs besides.

    Attributes:
        trace: What was seen.
        verdicts: What each check says of it.
        expected: Ids of the checks whose failure is known here, with why it is accepted.
        reproduce: The command that runs it again; empty where only a trace is there.
        trace_file: Where the trace stands; empty if it was not written.
        rerun_after: Which time it was played in first, without holding; empty if this was the first time.
        why_real: Why time did not run faster; empty if it did, or nobody wanted it to.
        scenario_file: Where the scenario stands; empty where only a trace is there.
    """

    trace: Trace
    verdicts: tuple[Verdict, ...]
    expected: Mapping[str, str] = field(default_factory=dict)
    reproduce: str = ""
    trace_file: str = ""
    rerun_after: str = ""
    why_real: str = ""
    scenario_file: str = ""

    @property
    def scenario(self) -> str:
        """The scenario's name. A trace may come from anywhere, so what it says is made safe to print."""
        return plain(self.trace.head.scenario.name)

    @property
    def client(self) -> str:
        """The client's name, safe to print."""
        return plain(self.trace.head.client)

    def standing(self, verdict: Verdict) -> Standing:
        """How a report words one of its verdicts."""
        match verdict.ruling:
            case Ruling.FAILED if verdict.check.id in self.expected:
                return Standing.EXPECTED
            case Ruling.FAILED:
                return Standing.FAILED if verdict.check.level == "must" else Standing.ADVISED
            case Ruling.INCONCLUSIVE:
                return Standing.INCONCLUSIVE
            case Ruling.PASSED:
                return Standing.PASSED
        return Standing.NOT_APPLICABLE

    def those(self, *standings: Standing) -> tuple[Verdict, ...]:
        """Its verdicts of these standings, in order of the checks."""
        return tuple(verdict for verdict in self.verdicts if self.standing(verdict) in standings)

    @property
    def ruling(self) -> Ruling:
        """The run's own: the worst of its must-checks, an expected failure counting as held; none at all is inconclusive."""
        seen = {Ruling.PASSED if self.standing(v) is Standing.EXPECTED else v.ruling for v in self.verdicts if _counts(v)}
        return next((ruling for ruling in WORST_FIRST if ruling in seen), Ruling.INCONCLUSIVE)

    @property
    def invented(self) -> tuple[str, ...]:
        """Exchanges seen in it whose wire format is of our own making."""
        seen = {exchanged.asked.exchange for exchanged in self.trace.exchanges}
        return tuple(plain(exchange) for exchange in self.trace.head.invented if exchange in seen)

    @property
    def counts(self) -> str:
        """``24 of 31 checks judged``, and what is remarkable about them."""
        standings = Counter(self.standing(verdict) for verdict in self.verdicts)
        return judged_text(standings, len(self.verdicts))


@dataclass(frozen=True, slots=True)
class NotRun:
    """A scenario that was not played with a client to its end.

    Attributes:
        why: Out of reach, or not in the profile; or what went wrong.
        is_error: It should have been played, and could not be.
    """

    scenario: str
    client: str
    why: str
    is_error: bool = False


@dataclass(frozen=True, slots=True)
class UnexpectedPass:
    """A failure that is listed as expected, and did not come in any run that the listing covers.

    Attributes:
        check: The check's id.
        scenario: The scenario's name, or a pattern, as listed.
        clients: Whose runs it covers.
        place: Where it is listed, as ``file:line:column``.
    """

    check: str
    scenario: str
    clients: tuple[str, ...]
    place: str


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that one command found out.

    Attributes:
        command: ``run``, ``validate``, ``check`` or ``proxy``.
        version: Of drm-harness.
        results: The judged runs, in order.
        not_applicable: What was left out, since this client or network cannot do it.
        errors: What could not be run to its end.
        unexpected: Expected failures that did not come.
        unused: Where failures are listed as expected that cover no run here: often a slip in a name, no reason to fail.
        interrupted: The user stopped it before everything was run.
    """

    command: str
    version: str
    results: tuple[Result, ...] = ()
    not_applicable: tuple[NotRun, ...] = ()
    errors: tuple[NotRun, ...] = ()
    unexpected: tuple[UnexpectedPass, ...] = ()
    unused: tuple[str, ...] = ()
    interrupted: bool = False

    @property
    def clients(self) -> tuple[str, ...]:
        """Every client that it speaks of, in order of first mention."""
        parts: tuple[Result | NotRun, ...] = (*self.results, *self.not_applicable, *self.errors)
        return tuple(dict.fromkeys(part.client for part in parts))

    def of(self, client: str) -> tuple[Result, ...]:
        """The results of one client."""
        return tuple(result for result in self.results if result.client == client)

    def ruling_of(self, client: str) -> Ruling:
        """What all of one client's runs come to."""
        if any(client in passed.clients for passed in self.unexpected):
            return Ruling.FAILED
        rulings = {result.ruling for result in self.of(client)}
        rulings |= {Ruling.INCONCLUSIVE for error in self.errors if error.client == client}
        return next((ruling for ruling in WORST_FIRST if ruling in rulings), Ruling.NOT_APPLICABLE)

    @property
    def ruling(self) -> Ruling:
        """What the whole comes to: the worst of its clients. A client that nothing applied to has shown nothing."""
        rulings = {self.ruling_of(client) for client in self.clients}
        if self.interrupted or not rulings or Ruling.NOT_APPLICABLE in rulings:
            rulings.add(Ruling.INCONCLUSIVE)
        return next(ruling for ruling in WORST_FIRST if ruling in rulings)

    @property
    def exit(self) -> Exit:
        """Its exit status. A broken rule outweighs an error: it was seen."""
        if self.errors and self.ruling is not Ruling.FAILED:
            return Exit.USAGE
        return EXITS[self.ruling]


def worst_standing(standings: Iterable[Standing]) -> Standing:
    """The worst of them; not applicable if there is none."""
    seen = set(standings)
    return next((standing for standing in WORST_STANDING_FIRST if standing in seen), Standing.NOT_APPLICABLE)


def judged_text(standings: Counter[Standing], total: int) -> str:
    """``n of m checks judged``, and how the remarkable ones came out."""
    judged = total - standings[Standing.INCONCLUSIVE] - standings[Standing.NOT_APPLICABLE]
    remarks = [f"{standings[standing]} {words}" for standing, words in REMARKS if standings[standing]]
    return f"{judged} of {counted(total, 'check')} judged" + (f" ({', '.join(remarks)})" if remarks else "")


REMARKS = (
    (Standing.FAILED, "failed"),
    (Standing.UNEXPECTED, "held against expectation"),
    (Standing.EXPECTED, "failed as expected"),
    (Standing.ADVISED, "failed at level should"),
    (Standing.INCONCLUSIVE, "inconclusive"),
)


def _counts(verdict: Verdict) -> bool:
    return verdict.check.level == "must" and verdict.ruling is not Ruling.NOT_APPLICABLE

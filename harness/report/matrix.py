"""Clients beside each other: which rule held for whom, over all scenarios. Reads without colour as well."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.console import RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from harness.checks.registry import Check, Ruling, Verdict
from harness.report.failures import failure, reasons_for_doubt
from harness.report.plain_text import LONGEST_COMMAND, counted, plain
from harness.report.results import NotRun, Report, Result, Standing, judged_text, worst_standing
from harness.report.terminal import RULING_WORDS

MOST_NAMED = 4
"""Clients whose names still fit over their columns; more are numbered."""
WIDEST_CLIENT = 13

STYLES = {
    Standing.FAILED: "bold red",
    Standing.UNEXPECTED: "bold red",
    Standing.INCONCLUSIVE: "yellow",
    Standing.EXPECTED: "magenta",
    Standing.ADVISED: "red",
    Standing.PASSED: "green",
    Standing.NOT_APPLICABLE: "dim",
}
LEGEND = {
    Standing.FAILED: "a must-rule was broken in at least one scenario",
    Standing.UNEXPECTED: "listed as an expected failure, and held",
    Standing.INCONCLUSIVE: "could not be decided in at least one scenario",
    Standing.EXPECTED: "failed, as the list of expected failures says",
    Standing.ADVISED: "a should-rule was not met; that breaks nothing",
    Standing.NOT_APPLICABLE: "had nothing to say of this client",
}
RULING_STANDINGS = {
    Ruling.PASSED: Standing.PASSED,
    Ruling.FAILED: Standing.FAILED,
    Ruling.INCONCLUSIVE: Standing.INCONCLUSIVE,
    Ruling.NOT_APPLICABLE: Standing.NOT_APPLICABLE,
}


@dataclass(frozen=True, slots=True)
class Case:
    """One check's word on one run."""

    result: Result
    verdict: Verdict

    @property
    def standing(self) -> Standing:
        """How it is worded."""
        return self.result.standing(self.verdict)


def matrix(report: Report) -> Table:
    """Checks down, clients across; the worst over all scenarios in each cell. Checks that never applied are left out."""
    clients, cells = report.clients, standings(report)
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("check", no_wrap=True)
    table.add_column("rule", overflow="fold")
    for number, client in enumerate(clients, start=1):
        table.add_column(Text(heading(client) if len(clients) <= MOST_NAMED else str(number)), no_wrap=True)
    for check in checks_with_a_word(report):
        row = [cells[client, check.id] for client in clients]
        table.add_row(check.id, check.title, *(Text(standing.value, style=STYLES[standing]) for standing in row))
    whole = [RULING_STANDINGS[report.ruling_of(client)] for client in clients]
    table.add_section()
    table.add_row("all", "", *(Text(standing.value, style=STYLES[standing]) for standing in whole))
    return table


def heading(client: str) -> str:
    """A client's name in lines narrow enough for its column, broken where its words end if they are short enough."""
    lines = [""]
    for word in re.findall(r"[^_\-. ]+[_\-. ]*|[_\-. ]+", plain(client)):
        for piece in (word[begin : begin + WIDEST_CLIENT] for begin in range(0, len(word), WIDEST_CLIENT)):
            if len(lines[-1] + piece) > WIDEST_CLIENT:
                lines.append("")
            lines[-1] += piece
    return "\n".join(lines)


def legend(report: Report) -> Iterator[Text]:
    """The words of the matrix that need one, and the names of numbered clients."""
    if len(report.clients) > MOST_NAMED:
        for number, client in enumerate(report.clients, start=1):
            yield Text(f"{number} = {plain(client)}")
    cells = standings(report)
    used = {cells[client, check.id] for client in report.clients for check in checks_with_a_word(report)}
    for standing, meaning in LEGEND.items():
        if standing in used:
            yield Text.assemble((standing.value, STYLES[standing]), (f": {meaning}", "dim"))


def standings(report: Report) -> dict[tuple[str, str], Standing]:
    """(client, check id) to the worst over all scenarios."""
    told: dict[tuple[str, str], list[Standing]] = {}
    for case in _cases(report.results):
        told.setdefault((case.result.client, case.verdict.check.id), []).append(case.standing)
    for passed in report.unexpected:
        for client in passed.clients:
            told.setdefault((client, passed.check), []).append(Standing.UNEXPECTED)
    worst = {key: worst_standing(seen) for key, seen in told.items()}
    ids = dict.fromkeys(check for _, check in worst)
    return {(client, check): worst.get((client, check), Standing.NOT_APPLICABLE) for client in report.clients for check in ids}


def checks_with_a_word(report: Report) -> list[Check]:
    """The checks that applied at least once, in the order of the registry."""
    checks = {case.verdict.check.id: case.verdict.check for case in _cases(report.results)}
    cells = standings(report)
    return [
        check
        for check in checks.values()
        if any(cells[client, check.id] is not Standing.NOT_APPLICABLE for client in report.clients)
    ]


def client_report(report: Report, client: str) -> Iterator[RenderableType]:
    """One client: how much was judged, and each broken rule with the first run that shows it."""
    word, style = RULING_WORDS[report.ruling_of(client)]
    results = report.of(client)
    ids = {verdict.check.id for result in results for verdict in result.verdicts}
    cells = standings(report)
    judged = judged_text(Counter(cells[client, id_] for id_ in ids), len(ids))
    yield Text.assemble(
        (plain(client), "bold"), "  ", (word, style), (f"  {counted(len(results), 'scenario')} · {judged}", "dim")
    )
    told: set[str] = set()
    for cases in failing(results):
        yield Text()
        yield Padding(failure(cases[0].verdict), (0, 0, 0, 2))
        yield from (Text(f"    {line}") for line in _where(cases, told))
    doubts = [verdict for result in results for verdict in result.those(Standing.INCONCLUSIVE)]
    for why in dict.fromkeys(reasons_for_doubt(_once(doubts))):
        yield Text.assemble(("  inconclusive: ", "yellow"), why)


TOLD = (Standing.FAILED, Standing.ADVISED, Standing.EXPECTED)
"""What is told of a client in full, in this order."""


def failing(results: Sequence[Result]) -> list[list[Case]]:
    """The failures of a client, by check; must before should before those that were expected, else as they came."""
    by_check: dict[tuple[Standing, str], list[Case]] = {}
    for case in _cases(results):
        if case.standing in TOLD:
            by_check.setdefault((case.standing, case.verdict.check.id), []).append(case)
    return sorted(by_check.values(), key=lambda cases: TOLD.index(cases[0].standing))


def left_out(not_applicable: Sequence[NotRun]) -> Iterator[Text]:
    """What was not applicable to whom, and why; each reason once."""
    scenarios: dict[tuple[str, str], list[str]] = {}
    for one in not_applicable:
        scenarios.setdefault((one.client, one.why), []).append(one.scenario)
    for (client, why), names in scenarios.items():
        which = ", ".join(names) if len(names) <= 2 else counted(len(names), "scenario")
        yield Text(f"not applicable to {plain(client)}: {which}; {plain(why)}", style="dim")


def _where(cases: Sequence[Case], told: set[str]) -> Iterator[str]:
    """The first run that shows it, and how to go on from there; the latter once a run."""
    first = cases[0].result
    more = f", and in {counted(len(cases) - 1, 'more scenario')}" if len(cases) > 1 else ""
    if cases[0].standing is Standing.EXPECTED:
        yield f"expected because: {plain(first.expected[cases[0].verdict.check.id])}"
    yield f"first in  {first.scenario}{_moment(cases[0])}{more}"
    if first.scenario in told:
        return
    told.add(first.scenario)
    if first.reproduce:
        yield f"to reproduce: {plain(first.reproduce, LONGEST_COMMAND)}"
    if first.trace_file:
        yield f"to hand over: {plain(first.trace_file, LONGEST_COMMAND)}"


def _moment(case: Case) -> str:
    """The last of the proof: mostly what should not have come."""
    entries, evidence = case.result.trace.entries, case.verdict.finding.evidence
    places = [place for place in evidence if 0 <= place < len(entries)]
    return f", at {entries[places[-1]].at:.3f} s (entry {places[-1]})" if places else ""


def _cases(results: Sequence[Result]) -> Iterator[Case]:
    return (Case(result, verdict) for result in results for verdict in result.verdicts)


def _once(verdicts: Sequence[Verdict]) -> list[Verdict]:
    """Each check once for each thing that it says."""
    return list({(verdict.check.id, verdict.finding.observed): verdict for verdict in verdicts}.values())

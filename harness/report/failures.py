"""A broken rule in three lines: which rule, what it demands here, what was seen instead."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.table import Table
from rich.text import Text

from harness.checks.registry import Verdict
from harness.report.plain_text import plain


def three_lines(verdict: Verdict) -> tuple[str, str, str]:
    """Rule, expected, observed; plain text, each on one line."""
    check, finding = verdict.check, verdict.finding
    level = "" if check.level == "must" else "  (should: reported only)"
    return f"{check.id}  {check.title}{level}", plain(finding.expected or "as the rule says"), plain(finding.observed)


def failure(verdict: Verdict, number: int | None = None) -> Table:
    """The three lines, wrapped under their words. ``number`` is how a timeline marks the proof."""
    rule, expected, observed = three_lines(verdict)
    grid = Table.grid(padding=(0, 2, 0, 0))
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(f"[{number}]" if number else "", style="bold red"), Text(rule, style="bold"))
    grid.add_row("", _worded("expected  ", expected))
    grid.add_row("", _worded("observed  ", observed))
    return grid


def _worded(word: str, text: str) -> Table:
    grid = Table.grid()
    grid.add_column(no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row(Text(word, style="dim"), Text(text))
    return grid


def marks_of(verdicts: Sequence[Verdict]) -> dict[int, list[int]]:
    """Which entries prove which of the verdicts, numbered from 1."""
    marks: dict[int, list[int]] = {}
    for number, verdict in enumerate(verdicts, start=1):
        for place in dict.fromkeys(verdict.finding.evidence):
            marks.setdefault(place, []).append(number)
    return marks


def reasons_for_doubt(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Why verdicts are inconclusive: each reason once, with the checks that give it."""
    ids: dict[str, list[str]] = {}
    for verdict in verdicts:
        ids.setdefault(plain(verdict.finding.observed), []).append(verdict.check.id)
    for why, checks in ids.items():
        yield f"{why} ({', '.join(checks) if len(checks) <= 3 else f'{checks[0]} and {len(checks) - 1} more checks'})"

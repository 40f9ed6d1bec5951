"""The files that a report can be written to, beside what is printed; the same options for every command that judges."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from harness.report.results import Report

F = Callable[..., Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportFiles:
    """Where a report is to be written in which form; None: not at all."""

    junit: Path | None = None
    sarif: Path | None = None
    html: Path | None = None

    def write(self, report: Report) -> None:
        """Write those that were asked for. What a form needs is loaded only then: it would slow down every other command."""
        if self.junit is not None:
            from harness.report.junit import write_junit

            write_junit(report, self.junit)
        if self.sarif is not None:
            from harness.report.sarif import write_sarif

            write_sarif(report, self.sarif)
        if self.html is not None:
            from harness.report.page import write_html

            write_html(report, self.html)


def _options() -> Iterator[Callable[[F], F]]:
    for name, about in ABOUT.items():
        yield click.option(f"--{name}", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help=about)


ABOUT = {
    "html": "Write the report there as one page, too: matrix, timelines, diagrams.",
    "junit": "Write a JUnit report there, too.",
    "sarif": "Write a SARIF report there, too, for code scanning.",
}

REPORT_FILES = tuple(_options())


def report_files(command: F) -> F:
    """Declare the options; the command gets them as keyword arguments of the names in ``ReportFiles``."""
    for option in reversed(REPORT_FILES):
        command = option(command)
    return command

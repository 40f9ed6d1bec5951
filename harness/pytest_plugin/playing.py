"""Plays a scenario for a test, and words what came of it for pytest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import harness
from harness.checks.registry import Ruling
from harness.cli.console import text_of
from harness.cli.playing import beyond_promise, file_stem, judged, play_one
from harness.cli.report_files import ReportFiles
from harness.cli.selection import Planned, why_not
from harness.report.failures import three_lines
from harness.report.results import Report, Result, Standing
from harness.report.terminal import details
from harness.trace.jsonl import write_trace

NOT_IN_A_FOLDER_NAME = re.compile(r"[^A-Za-z0-9._=-]+")


class NotHeldError(AssertionError):
    """A must-check is broken, or nothing was shown."""

    def __init__(self, result: Result) -> None:
        self.report = FailureText(text_of(details(result)).rstrip("\n"), reprcrash=Crash(in_short(result)))
        super().__init__(f"{in_short(result)}\n{self.report.text}")


@dataclass(frozen=True, slots=True)
class Crash:
    """What pytest's summary says of a failure."""

    message: str


@dataclass(frozen=True, slots=True)
class FailureText:
    """A failure as pytest shows it: the report of the run, and one line of it in the summary."""

    text: str
    reprcrash: Crash

    def __str__(self) -> str:
        return self.text

    def toterminal(self, terminal: Any) -> None:
        for line in self.text.splitlines():
            terminal.line(line)


def hold(planned: Planned, node: pytest.Item, folder: Path | None) -> Result:
    """Play and judge a run; its files are written and named in the test's properties.

    Raises:
        NotHeldError: A must-check is broken, or none could be judged.
        HarnessError: It cannot be played to its end; FakeServerError likewise.
        pytest.skip.Exception: It does not apply to this client or network.
    """
    __tracebackhide__ = True
    result = played(planned, node, folder)
    if result.ruling is not Ruling.PASSED:
        raise NotHeldError(result)
    if advice := result.those(Standing.ADVISED):
        node.add_report_section("call", "should-rules not met", "\n".join(": ".join(three_lines(each)) for each in advice))
    return result


def played(planned: Planned, node: pytest.Item, folder: Path | None) -> Result:
    """The same, whatever came of it.

    Raises:
        HarnessError: It cannot be played to its end; FakeServerError likewise.
        pytest.skip.Exception: It does not apply to this client or network.
    """
    if why := why_not(planned.scenario, planned.client, planned.network):
        pytest.skip(why)
    ran = play_one(planned)
    if why := beyond_promise(planned, ran.trace.profile):  # a program tells its profile when it is started
        pytest.skip(why)
    result = judged(planned, ran)
    return result if folder is None else _attached(result, node, folder)


def in_short(result: Result) -> str:
    """The broken rules in one line, or the first reason for doubt."""
    failed = result.those(Standing.FAILED)
    if failed:
        return ", ".join(f"{verdict.check.id} {verdict.check.title}" for verdict in failed)
    doubts = result.those(Standing.INCONCLUSIVE)
    return f"inconclusive: {doubts[0].finding.observed if doubts else 'no must-check applied'}"


def _attached(result: Result, node: pytest.Item, folder: Path) -> Result:
    """Write the files about a run, below a folder that is named for its test."""
    own = folder / NOT_IN_A_FOLDER_NAME.sub("-", node.nodeid).strip("-.")
    own.mkdir(parents=True, exist_ok=True)
    result = replace(result, trace_file=str(own / f"{file_stem(result.trace)}.jsonl"))
    for kind, file in _written(result, own):
        node.user_properties.append((kind, str(file)))
    return result


def _written(result: Result, folder: Path) -> Iterator[tuple[str, Path]]:
    trace = Path(result.trace_file)
    with trace.open("w", encoding="utf-8", newline="\n") as file:
        write_trace(result.trace, file)
    yield "trace", trace
    page = folder / "report.html"
    ReportFiles(html=page).write(Report("run", harness.__version__, (result,)))
    yield "page", page

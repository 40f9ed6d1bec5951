"""Tells a report in every form that was asked for: to the terminal or as JSON, and into files."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click
from rich.console import Console, RenderableType
from rich.text import Text

import harness
from harness.cli.clients import Client
from harness.cli.console import show, standard_output
from harness.cli.options import Options
from harness.cli.playing import play, unforeseen
from harness.cli.report_files import ReportFiles
from harness.cli.selection import Plan, plan
from harness.languages.catalogue import SOURCE
from harness.report.json_report import json_report, json_text
from harness.report.matrix import client_report, left_out, legend, matrix
from harness.report.plain_text import counted
from harness.report.progress import Progress
from harness.report.results import NotRun, Report, Result
from harness.report.terminal import (
    closing,
    details,
    needs_a_look,
    not_run_line,
    opening,
    result_line,
)
from harness.scenario.expected_failures import load_expected_failures

MOST_IN_FULL = 10
"""Runs told with timeline unless all are asked for; whoever broke more begins with these."""


def play_and_tell(command: str, clients: list[Client], patterns: list[str], options: Options) -> Report:
    """From a selection to a report that has been told. ``validate`` sets clients side by side, ``run`` tells run by run.

    Raises:
        HarnessError: What was asked for cannot be done; nothing was run.
    """
    listed = load_expected_failures(options.expected_failures) if options.expected_failures else ()
    planned = plan(clients, patterns, options)
    console, is_text = standard_output(), not options.as_json
    by_line = is_text and (command == "run" or options.verbose)
    with Progress(sys.stderr) as progress:
        if is_text:
            show(console, _beginning(clients, planned, by_line))

        def tell(came: Result | NotRun) -> None:
            progress.clear()
            if isinstance(came, NotRun) and came.is_error:
                click.echo(f"error: {came.scenario} with {came.client}: {came.why}", err=True)
            if by_line:
                width = planned.name_width
                show(console, [result_line(came, width) if isinstance(came, Result) else not_run_line(came, width)])

        played = play(planned, listed=listed, traces=options.traces, progress=progress, tell=tell)
    if is_text and not by_line:
        show(console, left_out(played.not_applicable))
    report = Report(
        command,
        harness.__version__,
        tuple(played.results),
        (*planned.not_applicable, *played.not_applicable),
        tuple(played.errors),
        *unforeseen(listed, played.results),
        interrupted=played.interrupted,
    )
    tell_report(
        report, console, as_json=options.as_json, files=options.files, verbose=options.verbose, language=options.language
    )
    return report


def tell_report(
    report: Report, console: Console, *, as_json: bool, files: ReportFiles, verbose: bool, language: str = SOURCE
) -> None:
    """Write the files that were asked for, and print the rest of the report."""
    files.write(report)
    if as_json:
        click.echo(json_text(json_report(report)))
    elif report.command == "validate":
        show(console, _side_by_side(report, verbose, language))
    else:
        show(console, _run_by_run(report, verbose, language))


def _beginning(clients: list[Client], planned: Plan, by_line: bool) -> Iterator[RenderableType]:
    yield opening(harness.__version__, [client.name for client in clients], planned.networks, planned.scenarios)
    if by_line:
        for one in planned.not_applicable:
            yield not_run_line(one, planned.name_width)
    else:
        yield from left_out(planned.not_applicable)


def _run_by_run(report: Report, verbose: bool, language: str) -> Iterator[RenderableType]:
    wanted = [result for result in report.results if verbose or needs_a_look(result)]
    in_full = wanted if verbose else wanted[:MOST_IN_FULL]
    for result in in_full:
        yield Text()
        yield from details(result, language=language)
    if len(wanted) > len(in_full):
        yield Text()
        yield Text(f"{counted(len(wanted) - len(in_full), 'more run')} to look at; -v tells all of them in full")
    yield Text()
    yield from closing(report)


def _side_by_side(report: Report, verbose: bool, language: str) -> Iterator[RenderableType]:
    if report.results:
        yield Text()
        yield matrix(report)
        if explained := list(legend(report)):
            yield from (Text(), *explained)
    for client in report.clients:
        yield Text()
        yield from client_report(report, client)
    if verbose:
        yield from _in_full(report.results, language)
    yield Text()
    yield from closing(report)


def _in_full(results: Iterable[Result], language: str) -> Iterator[RenderableType]:
    for result in results:
        yield Text()
        yield from details(result, language=language)

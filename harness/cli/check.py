"""``drm-harness check``: traces that were saved here or elsewhere."""

from __future__ import annotations

from pathlib import Path

import click

import harness
from harness.checks.judge import judge
from harness.cli.app import EXIT_STATUSES
from harness.cli.console import show, standard_output
from harness.cli.options import LANG
from harness.cli.playing import known, unforeseen
from harness.cli.report_files import ReportFiles, report_files
from harness.cli.telling import tell_report
from harness.report.results import Report, Result
from harness.report.terminal import result_line
from harness.scenario.expected_failures import Listed, load_expected_failures
from harness.scenario.library import is_ours, scenario_root
from harness.trace.jsonl import read_trace


@click.command("check", epilog=EXIT_STATUSES)
@click.argument("traces", nargs=-1, required=True, metavar="TRACE...", type=click.Path(path_type=Path))
@report_files
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.option(
    "--expected-failures", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Known failures, as for run."
)
@click.option("-v", "--verbose", is_flag=True, help="Tell all of every run, also of those that held.")
@LANG
@click.pass_context
def command(
    ctx: click.Context,
    /,
    traces: tuple[Path, ...],
    as_json: bool,
    expected_failures: Path | None,
    verbose: bool,
    language: str,
    **files: Path | None,
) -> None:
    """Judge saved traces: files that --trace wrote, or folders of them. Nothing is run."""
    listed = load_expected_failures(expected_failures) if expected_failures else ()
    results = tuple(_judged(file, listed) for file in _files(traces))
    console = standard_output()
    if not as_json:
        width = max(len(result.scenario) for result in results)
        show(console, (result_line(result, width) for result in results))
    unexpected, unused = unforeseen(listed, results)
    report = Report("check", harness.__version__, results, unexpected=unexpected, unused=unused)
    tell_report(report, console, as_json=as_json, files=ReportFiles(**files), verbose=verbose, language=language)
    ctx.exit(report.exit)


def _judged(file: Path, listed: tuple[Listed, ...]) -> Result:
    trace = read_trace(file)
    expected = known(listed, trace.head.client, trace.head.scenario.name)
    verdicts = tuple(judge(trace))
    return Result(trace, verdicts, expected, trace_file=str(file), scenario_file=_scenario_file(trace.head.scenario.name))


def _scenario_file(name: str) -> str:
    """Where a scenario that comes with the harness stands; empty for one from elsewhere, whose file nobody names."""
    file = scenario_root() / f"{name}.yaml"
    return str(file) if is_ours(file) and file.is_file() else ""


def _files(places: tuple[Path, ...]) -> list[Path]:
    files: list[Path] = []
    for place in places:
        found = sorted(place.rglob("*.jsonl")) if place.is_dir() else [place]
        if not found:
            raise click.UsageError(f"the folder {place} holds no traces (*.jsonl)")
        files += found
    return files

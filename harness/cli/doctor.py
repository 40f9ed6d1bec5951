"""``drm-harness doctor``: what a newcomer runs first."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click
from rich.text import Text

import harness
from harness.adapters.diagnosis import Finding, State
from harness.cli.console import show, standard_output
from harness.cli.profile import subject_of
from harness.probe.examination import examine, is_ready
from harness.report.json_report import json_text
from harness.report.plain_text import plain
from harness.report.progress import Progress
from harness.report.results import Exit

EXIT_STATUSES = """\
\b
Exit status:
  0  ready: nothing is missing
  1  not ready: something is missing, and it is said what to do
  2  usage: the command line is not right
  3  interrupted
"""

STYLES = {State.FINE: "green", State.DOUBT: "yellow", State.WRONG: "bold red"}
WIDTH = max(len(state.value) for state in State)


@click.command("doctor", epilog=EXIT_STATUSES)
@click.option(
    "--client",
    "spec",
    default="reference",
    show_default=True,
    metavar="SPEC",
    help="Who is looked at: python:FILE.py:Name, 'stdio:COMMAND', 'wire:COMMAND', browser:PLAYER …",
)
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text.")
@click.pass_context
def command(ctx: click.Context, /, spec: str, as_json: bool) -> None:
    """Say whether a client is ready to be judged, and what is missing.

    Looks at what its adapter needs, speaks the handshake, plays the client when nothing goes wrong and once when it is
    refused, and tells what to do next.
    """
    findings: list[Finding] = []
    console = standard_output()
    with Progress(sys.stderr) as progress:
        for finding in examine(spec, lambda: subject_of(spec, None, None), progress.say):
            findings.append(finding)
            progress.clear()
            if not as_json:
                show(console, lines(finding))
    ready = is_ready(findings)
    if as_json:
        click.echo(json_text(_as_json(spec, findings, ready)))
    else:
        show(console, [Text(), *closing(spec, findings, ready)])
    ctx.exit(Exit.HELD if ready else Exit.BROKEN)


def lines(finding: Finding) -> Iterator[Text]:
    """A line for what was found, and one for what to do."""
    mark = finding.state.value.ljust(WIDTH)
    yield Text.assemble((mark, STYLES[finding.state]), f"  {finding.what}: {plain(finding.found)}")
    if finding.to_do:
        yield Text(f"{' ' * WIDTH}  → {plain(finding.to_do)}")


def closing(spec: str, findings: list[Finding], ready: bool) -> Iterator[Text]:
    """What it comes to, and the next command."""
    doubts = sum(finding.state is State.DOUBT for finding in findings)
    if not ready:
        yield Text("not ready: mend what is missing, then ask again")
        return
    yield Text("ready" + (f", with {doubts} thing{'s' if doubts > 1 else ''} to look at" if doubts else ""))
    client = "" if spec == "reference" else f" --client {spec!r}"
    yield Text(f"next: drm-harness run tag:smoke{client}")


def _as_json(spec: str, findings: list[Finding], ready: bool) -> dict[str, object]:
    return {
        "version": harness.__version__,
        "client": spec,
        "ready": ready,
        "findings": [
            {"state": finding.state.name.lower(), "what": finding.what, "found": finding.found, "to_do": finding.to_do or None}
            for finding in findings
        ],
    }

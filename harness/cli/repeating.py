"""``drm-harness run --verify-determinism``: plays what was played once more, and tells where the two differ."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import click

from harness.cli.clients import Client
from harness.report.plain_text import LONGEST_COMMAND, counted, plain
from harness.report.progress import Progress
from harness.report.results import Report, Result
from harness.runner.determinism import Divergence, diverges

HINT = (
    "  what is not drawn from the world's seed or read from its clock differs in every run: "
    "take both from Setup (rng, epoch_s) and from the loop (loop.time)"
)


def parted(report: Report, client: Client, *, as_json: bool) -> bool:
    """Play each run of the report again; whether any came out differently, which is told on standard error."""
    found: list[tuple[Result, Divergence]] = []
    with Progress(sys.stderr) as progress:
        for number, result in enumerate(report.results, start=1):
            progress.show(number, len(report.results), f"{result.scenario} · {client.name} again")
            if divergence := diverges(result.trace, client.make):
                found.append((result, divergence))
    for result, divergence in found:
        for line in _told(result, divergence):
            click.echo(line, err=True)
    if found:
        click.echo(HINT, err=True)
    elif report.results and not as_json:
        click.echo(f"{counted(len(report.results), 'run')} played twice: equal, byte for byte")
    return bool(found)


def _told(result: Result, divergence: Divergence) -> Iterator[str]:
    run = f"{result.scenario} with {result.client}, seed {result.trace.head.seed}"
    fields = f" in {plain(', '.join(divergence.differs))}" if divergence.differs else ""
    yield f"not repeatable: {run}: {divergence.where} differs{fields}"
    yield f"  first:  {plain(divergence.first, LONGEST_COMMAND)}"
    yield f"  second: {plain(divergence.second, LONGEST_COMMAND)}"

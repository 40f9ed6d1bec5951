"""``drm-harness explain``: all about one thing."""

from __future__ import annotations

from dataclasses import asdict

import click
from rich.text import Text

from harness.cli.console import show, standard_output
from harness.cli.options import LANG
from harness.report.explanation import explanations
from harness.report.explanation_text import explained
from harness.report.json_report import json_text


@click.command("explain")
@click.argument("name", metavar="CHECK-ID|FAULT|REASON|CODE")
@click.option("--json", "as_json", is_flag=True, help="Print one array of objects.")
@LANG
def command(name: str, as_json: bool, language: str) -> None:
    """Tell all about one check (STATUS-004), fault, reason or code (by name or as 0xC00D2741).

    Phases and operations are explained too. A name that several things share is explained for each of them.
    """
    found = explanations(name, language)
    if as_json:
        click.echo(json_text([{**asdict(one), "facts": dict(one.facts)} for one in found]))
        return
    console = standard_output()
    for number, one in enumerate(found):
        show(console, [*([Text()] if number else []), *explained(one)])

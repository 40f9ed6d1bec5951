"""``drm-harness list``: what there is."""

from __future__ import annotations

import click

import harness.cli.clients  # noqa: F401  # the client that comes with the harness joins there
from harness.cli.console import show, standard_output
from harness.report.json_report import json_text
from harness.report.listing import KINDS, listing


@click.command("list", help=f"Name what there is of a KIND: {', '.join(KINDS)}.")
@click.argument("kind", type=click.Choice(list(KINDS)), metavar="KIND")
@click.option("--json", "as_json", is_flag=True, help="Print one array of objects, with every key.")
def command(kind: str, as_json: bool) -> None:
    items = KINDS[kind][0]()
    if as_json:
        click.echo(json_text(items))
    else:
        show(standard_output(), [listing(kind, items)])

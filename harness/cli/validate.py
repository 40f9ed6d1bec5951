"""``drm-harness validate``: several clients side by side."""

from __future__ import annotations

from typing import Any

import click

from harness.cli.app import EXIT_STATUSES
from harness.cli.clients import clients_from
from harness.cli.options import PROFILE, SELECTION, TAGS, Options, patterns_of, playing_options
from harness.cli.telling import play_and_tell


@click.command("validate", epilog=EXIT_STATUSES)
@SELECTION
@TAGS
@click.option(
    "--client",
    "specs",
    multiple=True,
    metavar="SPEC",
    help="Who is judged; may be given several times: reference, python:FILE.py:Name, 'stdio:COMMAND', 'wire:COMMAND' "
    "or browser:PLAYER. [default: reference]",
)
@PROFILE
@playing_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    selection: tuple[str, ...],
    tags: tuple[str, ...],
    specs: tuple[str, ...],
    profiles: tuple[str, ...],
    **options: Any,
) -> None:
    """Play scenarios with several clients, and set them side by side: checks down, clients across.

    SELECTION is as for run. Without one: every scenario for clients in process, and tag:smoke for programs, which take
    real time. What a client's profile does not promise is left out, and said. --profile is given once for all clients,
    or once for each in the same order.
    """
    clients = clients_from(specs or ("reference",), profiles)
    report = play_and_tell("validate", clients, patterns_of(selection, tags), Options.given(**options))
    ctx.exit(report.exit)

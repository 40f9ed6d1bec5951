"""``drm-harness run``: scenarios with one client."""

from __future__ import annotations

from typing import Any

import click

from harness.cli.app import EXIT_STATUSES
from harness.cli.clients import clients_from
from harness.cli.options import PROFILE, SELECTION, TAGS, Options, patterns_of, playing_options
from harness.cli.repeating import parted
from harness.cli.selection import network_of
from harness.cli.telling import play_and_tell
from harness.report.results import Exit


@click.command("run", epilog=EXIT_STATUSES)
@SELECTION
@TAGS
@click.option(
    "--client",
    "spec",
    default="reference",
    show_default=True,
    metavar="SPEC",
    help="Who is judged: reference, python:FILE.py:Name, 'stdio:COMMAND', 'wire:COMMAND' or browser:PLAYER.",
)
@PROFILE
@click.option(
    "--verify-determinism",
    is_flag=True,
    help="Play each run a second time, and compare the traces byte for byte. Simulated network only.",
)
@playing_options
@click.pass_context
def command(
    ctx: click.Context,
    /,
    selection: tuple[str, ...],
    tags: tuple[str, ...],
    spec: str,
    profiles: tuple[str, ...],
    verify_determinism: bool,
    **options: Any,
) -> None:
    """Play scenarios with one client, and judge what it says and does.

    SELECTION is any number of scenario files, folders, names (license_acquisition/captive_portal,
    license_acquisition) and tags (tag:smoke).
    """
    patterns = patterns_of(selection, tags)
    if not patterns:
        raise click.UsageError("which scenarios? Name files, folders, names or tag:smoke; drm-harness list scenarios", ctx)
    if len(profiles) > 1:
        raise click.UsageError("one client has one profile; give --profile once", ctx)
    (client,) = clients_from([spec], profiles)
    if verify_determinism and network_of(client, options["network"]) != "simulated":
        raise click.UsageError("--verify-determinism needs the simulated network: in real time no two runs are the same", ctx)
    report = play_and_tell("run", [client], patterns, Options.given(**options))
    if verify_determinism and not report.interrupted and parted(report, client, as_json=options["as_json"]):
        ctx.exit(Exit.BROKEN)
    ctx.exit(report.exit)

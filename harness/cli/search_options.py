"""The options that ``explore`` and ``enumerate`` share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from fake_servers.errors import UnknownNameError
from fake_servers.faults.base import FAULTS
from harness.cli.options import PROFILE, F
from harness.tiers.tier import TIERS, Tier


def faults_named(ctx: click.Context, param: click.Parameter, text: str | None) -> tuple[str, ...]:
    """The names of ``A,B,…``; none if nothing was said.

    Raises:
        click.UsageError: There is no such fault.
    """
    names = tuple(name.strip() for name in text.split(",")) if text else ()
    try:
        return tuple(FAULTS[name].name for name in names)
    except UnknownNameError as error:
        raise click.UsageError(f"{error}; drm-harness list faults", ctx) from error


def search_options(*, folder: Path, tier: Tier | None) -> Callable[[F], F]:
    """Declare them; the command gets ``spec``, ``profiles``, ``faults``, ``tier``, ``seed``, ``folder`` and ``as_json``.

    Args:
        folder: Where scenarios of failures are written unless somebody says otherwise.
        tier: The default; None: the least that drives the client.
    """
    options: tuple[Any, ...] = (
        click.option(
            "--client", "spec", default="reference", show_default=True, metavar="SPEC", help="Who is judged, as for run."
        ),
        PROFILE,
        click.option(
            "--faults",
            callback=faults_named,
            metavar="A,B,…",
            help="These only. [default: all; drm-harness list faults]",
        ),
        click.option(
            "--tier",
            type=click.Choice(TIERS),
            default=tier,
            help=f"How much of the wire is real. [default: {tier or 'the least that drives the client'}]",
        ),
        click.option(
            "--seed", type=click.IntRange(min=0), default=0, show_default=True, help="Names the search, and every run of it."
        ),
        click.option(
            "-o",
            "--out",
            "folder",
            type=click.Path(file_okay=False, path_type=Path),
            default=folder,
            show_default=True,
            metavar="DIR",
            help="Where scenarios of failures are written.",
        ),
        click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of text."),
    )

    def declared(command: F) -> F:
        for option in reversed(options):
            command = option(command)
        return command

    return declared

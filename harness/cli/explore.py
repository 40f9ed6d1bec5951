"""``drm-harness explore``: failure and retry sequences that nobody wrote, until something breaks or enough was seen."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import click

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.checks.registry import Ruling
from harness.cli.app import EXIT_STATUSES
from harness.cli.clients import Client, clients_from
from harness.cli.console import show, standard_output
from harness.cli.databases import DATABASE, known_failures
from harness.cli.explored import as_json_text, told
from harness.cli.exploring import Explored, Wanted, explore
from harness.cli.quantities import seconds_of, share_of
from harness.cli.search_options import search_options
from harness.cli.selection import cannot, network_of
from harness.explore.decoder import menu_for
from harness.report.progress import Progress
from harness.report.results import Exit
from harness.status.operation import Operation
from harness.world.real_time import real_s

FOLDER = Path("drm-harness-explored")
EXAMPLES = {"simulated": 1_000, "loopback": 30}
"""What is played unless somebody says when it is enough: some seconds in virtual time, some minutes in real time."""


@click.command("explore", epilog=EXIT_STATUSES)
@click.option(
    "--operation",
    "operations",
    type=click.Choice([operation.value for operation in Operation]),
    multiple=True,
    help="These only. [default: all that the client promises]",
)
@click.option(
    "--examples", type=click.IntRange(min=1), metavar="N", help="Enough after so many. [default: 1000, or 30 in real time]"
)
@click.option(
    "--until-coverage", "coverage", callback=share_of, metavar="95%", help="Enough once so much of what can be reached was."
)
@click.option("--budget", "budget_s", callback=seconds_of, metavar="60s", help="Enough after so much real time.")
@click.option(
    "--network", type=click.Choice(["simulated", "loopback"]), help="As for run. [default: simulated where the client can]"
)
@click.option(
    "--strength",
    type=click.IntRange(2, 3),
    default=2,
    show_default=True,
    help="Of the covering arrays: any so many circumstances meet. 3 takes half a minute to lay out.",
)
@click.option(
    "--shrink",
    "shrink_runs",
    type=click.IntRange(min=1),
    metavar="N",
    help="Runs to shrink a failure. [default: 2000, or 60 in real time]",
)
@click.option(
    "--tries",
    type=click.IntRange(min=1),
    metavar="N",
    help="Runs before a smaller scenario counts as holding. [default: 1, or 2 in real time]",
)
@DATABASE
@search_options(folder=FOLDER, tier=None)
@click.pass_context
def command(
    ctx: click.Context,
    /,
    spec: str,
    profiles: tuple[str, ...],
    operations: tuple[str, ...],
    faults: tuple[str, ...],
    examples: int | None,
    coverage: float | None,
    budget_s: float | None,
    databases: tuple[str, ...],
    as_json: bool,
    **options: Any,
) -> None:
    """Play failure and retry sequences that nobody wrote, judge each with all checks, and shrink what breaks to a file.

    Faults, users and circumstances are drawn as real networks have them, and steered to what was seen least. Each failure
    is written as the smallest scenario that still shows it; run plays it again, in virtual time and on real sockets.
    """
    (client,) = clients_from([spec], profiles)
    network = network_of(client, options["network"])
    if examples is coverage is budget_s is None:
        examples = EXAMPLES[network]
    wanted = Wanted(
        operations=tuple(map(Operation, operations)),
        faults=faults,
        examples=examples,
        coverage=coverage,
        budget_s=budget_s,
        **options,
    )
    _refuse(ctx, client, wanted)
    known = known_failures(databases, client.name)
    with Progress(sys.stderr) as progress:
        done = explore(wanted, client, progress, real_s, known)
    if as_json:
        click.echo(as_json_text(done, client))
    else:
        show(standard_output(), told(done, client))
    ctx.exit(_exit(done))


def _refuse(ctx: click.Context, client: Client, wanted: Wanted) -> None:
    """What cannot be done is said before anything is played."""
    if beyond := [each.value for each in wanted.operations if each not in client.profile.operations]:
        raise click.UsageError(f"{', '.join(beyond)} is not in the client's profile", ctx)
    if wanted.tier is not None and (why := cannot(client, network_of(client, wanted.network), wanted.tier)):
        raise click.UsageError(why, ctx)
    menu = menu_for(client.profile, wanted.operations, wanted.faults)
    if not menu.grounds:
        raise click.UsageError(
            "the client's profile leaves nothing to explore: none of its dialects carries an operation of it", ctx
        )


def _exit(done: Explored) -> Exit:
    rulings = done.exploration.rulings
    if rulings[Ruling.FAILED] or done.exploration.findings or done.replayed.regressed:
        return Exit.BROKEN
    return Exit.INCONCLUSIVE if done.interrupted or not rulings[Ruling.PASSED] else Exit.HELD

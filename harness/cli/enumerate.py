"""``drm-harness enumerate``: all fault sequences up to a length, or a covering array of them."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import RenderableType
from rich.table import Table
from rich.text import Text

import fake_servers.faults  # noqa: F401  # registers the house's faults
import harness
from harness.checks.registry import Ruling
from harness.cli.app import EXIT_STATUSES
from harness.cli.clients import Client, clients_from
from harness.cli.console import show, standard_output
from harness.cli.drawn import as_data, failures_told, play_drawn, told
from harness.cli.enumerating import Enumeration, Wanted, enumerate_all
from harness.cli.search_options import search_options
from harness.cli.selection import cannot
from harness.explore.histories import example_faults
from harness.report.plain_text import counted
from harness.report.progress import Progress
from harness.report.results import EXITS, Exit
from harness.status.operation import Operation

FOLDER = Path("drm-harness-enumerated")
MOST = {"model": 20_000, "message": 5_000, "raw": 2_000, "wire": 2_000}
"""Sequences that are played exhaustively on each tier: what a minute or so allows."""


@click.command("enumerate", epilog=EXIT_STATUSES)
@click.option("--operation", type=click.Choice([operation.value for operation in Operation]), required=True)
@click.option("--attempts", type=click.IntRange(1, 8), default=3, show_default=True, help="Of each exchange.")
@click.option(
    "--strength",
    type=click.IntRange(1, 3),
    default=2,
    show_default=True,
    help="Of the covering array: any so many attempts see every combination of faults; with 1, each fault is seen.",
)
@click.option("--most", type=click.IntRange(min=1), metavar="N", help="Play all sequences up to so many; of more, an array.")
@click.option(
    "--volume",
    type=click.IntRange(min=1),
    metavar="N",
    help="Draw N sequences under the seed instead, and only watch each: order, settling, attempts and pauses. What stands out, "
    "and one in a hundred, is judged by all checks. Model tier.",
)
@search_options(folder=FOLDER, tier="model")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    operation: str,
    attempts: int,
    tier: Any,
    strength: int,
    faults: tuple[str, ...],
    spec: str,
    profiles: tuple[str, ...],
    most: int | None,
    volume: int | None,
    seed: int,
    folder: Path,
    as_json: bool,
) -> None:
    """Play all fault sequences of one operation up to a number of attempts, and judge each with all checks.

    Every registered fault takes part with its examples. Where all sequences are too many, a covering array of them is
    played, and each fault alone. The first scenario of each kind of failure is written as a file that run plays again.
    """
    (client,) = clients_from([spec], profiles)
    if volume is not None and tier != "model":
        raise click.UsageError(
            "--volume watches the model tier; on others every sequence is judged: leave one of them out", ctx
        )
    if why := _cannot(client, Operation(operation), tier):
        raise click.UsageError(why, ctx)
    wanted = Wanted(
        operation=Operation(operation),
        attempts=attempts,
        tier=tier,
        strength=strength,
        faults=example_faults(faults),
        most=MOST[tier] if most is None else most,
        seed=seed,
        folder=folder,
    )
    if volume is not None:
        with Progress(sys.stderr) as progress:
            drawn = play_drawn(wanted, volume, client, progress)
        if as_json:
            click.echo(json.dumps(as_data(drawn, client), indent=2, ensure_ascii=False))
        else:
            show(standard_output(), told(drawn, client))
        ctx.exit(Exit.INCONCLUSIVE if drawn.interrupted and drawn.worst is not Ruling.FAILED else EXITS[drawn.worst])
    with Progress(sys.stderr) as progress:
        done = enumerate_all(wanted, client, progress)
    if as_json:
        click.echo(json.dumps(_as_data(done, client), indent=2, ensure_ascii=False))
    else:
        show(standard_output(), _told(done, client))
    ctx.exit(Exit.INCONCLUSIVE if done.interrupted and done.worst is not Ruling.FAILED else EXITS[done.worst])


def _cannot(client: Client, operation: Operation, tier: Any) -> str:
    if not client.is_in_process:
        return "this client speaks HTTP itself, in its own time: enumeration needs virtual time"
    if operation not in client.profile.operations:
        return f"{operation.value} is not in the client's profile"
    return cannot(client, "simulated", tier)


# ── as text ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _told(done: Enumeration, client: Client) -> Iterator[RenderableType]:
    wanted, coverage = done.wanted, done.coverage
    yield Text(
        f"drm-harness {harness.__version__} · client {client.name} · {wanted.tier} tier · {wanted.operation.value} · "
        f"{counted(wanted.attempts, 'attempt')} · {counted(len(wanted.faults), 'fault')}"
    )
    for space in done.spaces:
        how = "every sequence" if done.is_exhaustive(space) else f"covering array of strength {wanted.strength}"
        yield Text(f"  {space.ground.name}: {space.size:,} sequences of {_slots(space)}; {how}")
    yield Text()
    yield _table(done)
    for row in coverage.missed() if coverage.rows else ():
        yield Text(f"  never taken: {row.trigger} from {row.source}")
    yield from failures_told(done.failures.values())
    yield Text()
    yield Text(_sum(done))


def _table(done: Enumeration) -> Table:
    coverage, lifecycle = done.coverage, done.coverage.lifecycle
    table = Table(box=None, pad_edge=False)
    for name in ("covered", "of", "what"):
        table.add_column(name, justify="left" if name == "what" else "right")
    table.add_row(f"{coverage.histories:,}", f"{sum(space.size for space in done.spaces):,}", "sequences")
    if coverage.rows:
        table.add_row(str(len(coverage.states)), str(len(lifecycle.states)), "states")
        table.add_row(str(len(coverage.rows)), str(len(lifecycle.rows)), "rows of the operation's table")
    names = {fault.name for fault in done.wanted.faults}
    table.add_row(str(len({name for name, _ in coverage.fired})), str(len(names)), "faults fired")
    table.add_row(str(len(coverage.fired)), "", "faults × exchanges or connections")
    table.add_row(str(len(coverage.pairs)), str(len(names) ** 2), "pairs of faults, one right after the other")
    return table


def _slots(space: Any) -> str:
    exchanges = dict.fromkeys(slot.exchange.value for slot in space.slots)
    return ", ".join(f"{name} × {sum(slot.exchange.value == name for slot in space.slots)}" for name in exchanges)


def _sum(done: Enumeration) -> str:
    if done.interrupted:
        return f"interrupted after {counted(done.coverage.histories, 'sequence')}"
    doubt = (
        f", {done.coverage.inconclusive} of them inconclusive: a fault changed nothing" if done.coverage.inconclusive else ""
    )
    kinds = counted(len(done.failures), "kind") + " of failure" if done.failures else "no failure"
    return f"{done.worst}: {kinds} in {counted(done.coverage.histories, 'sequence')}{doubt}"


# ── as JSON ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _as_data(done: Enumeration, client: Client) -> dict[str, Any]:
    wanted, coverage = done.wanted, done.coverage
    return {
        "command": "enumerate",
        "version": harness.__version__,
        "client": client.name,
        "operation": wanted.operation.value,
        "tier": wanted.tier,
        "attempts": wanted.attempts,
        "strength": wanted.strength,
        "seed": wanted.seed,
        "spaces": [
            {"ground": space.ground.name, "sequences": space.size, "exhaustive": done.is_exhaustive(space)}
            for space in done.spaces
        ],
        "played": coverage.histories,
        "inconclusive": coverage.inconclusive,
        "interrupted": done.interrupted,
        "coverage": {
            "states": {"visited": list(coverage.states), "all": list(coverage.lifecycle.states)},
            "rows": [
                {"source": row.source, "trigger": row.trigger, "taken": coverage.rows[row]} for row in coverage.lifecycle.rows
            ],
            "faults": [{"fault": name, "at": where, "fired": times} for (name, where), times in sorted(coverage.fired.items())],
            "pairs": [{"fault": one, "then": other, "times": times} for (one, other), times in sorted(coverage.pairs.items())],
        },
        "failures": [failure.as_data() for failure in done.failures.values()],
        "ruling": done.worst.value,
    }

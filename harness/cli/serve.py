"""``drm-harness serve``: license services up for a device to use all day, and the port by which they are controlled."""

from __future__ import annotations

import asyncio
from pathlib import Path

import click

from fake_servers.state.file import Survives
from harness.cli.console import standard_output
from harness.cli.serving import Wanted, serve


@click.command("serve")
@click.argument("scenario", metavar="[SCENARIO]", required=False)
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="One port for all services; 0 for any free one. [default: a free one for each service]",
)
@click.option(
    "--control-port", type=click.IntRange(0, 65535), default=0, metavar="N", help="Of the control API. [default: any]"
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the services' choices. [default: the scenario's own]")
@click.option("--dialect", metavar="NAME", help="The wire format, without a scenario. [default: clearkey]")
@click.option("--quiet", is_flag=True, help="Do not tell what happens on the wire; the log has it all the same.")
@click.option(
    "--log-limit",
    type=click.IntRange(1, 1_000_000),
    default=5000,
    show_default=True,
    metavar="N",
    help="Events held of each session.",
)
@click.option(
    "--grace",
    type=click.FloatRange(0, 600),
    default=5.0,
    show_default=True,
    metavar="SECONDS",
    help="For requests that are open when it is stopped.",
)
@click.option("--token", "with_token", is_flag=True, help="Ask callers of the control API for a token, on this machine, too.")
@click.option(
    "--host",
    default="127.0.0.1",
    show_default=True,
    metavar="ADDRESS",
    help="An address of this machine. Where others can come, there is always TLS and a token.",
)
@click.option(
    "--ca-folder",
    type=click.Path(file_okay=False, path_type=Path),
    metavar="DIR",
    help="Where others can come: keep the test authority here, so that devices need to trust it only once.",
)
@click.option(
    "--tls-cert",
    type=click.Path(dir_okay=False, path_type=Path),
    metavar="FILE",
    help="Where others can come: a certificate of your own, PEM.",
)
@click.option(
    "--state",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Keep the truth of sessions that have a name in this file, and go on from it.",
)
@click.option(
    "--state-survives",
    type=click.Choice([each.value for each in Survives]),
    help=f"What an answer that left is safe from; a kill costs less. [default: {Survives.POWER_LOSS}]",
)
@click.option("--tls-key", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Its key, PEM.")
def command(**options: object) -> None:
    """Bring license services up on this machine for a device to use, for as long as you like; with a scenario, its faults.

    The faults wait for your device as they wait for any client. A control API opens sessions, gives them faults, resets them,
    and tells their log and their truth: docs/serve.md. Ctrl-C stops it and tells which faults fired.
    """
    wanted = Wanted(**options)  # type: ignore[arg-type]  # click gives each option by its name, and of the type declared above
    wanted.check()
    asyncio.run(serve(wanted, standard_output()))

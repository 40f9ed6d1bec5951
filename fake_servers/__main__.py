"""``python -m fake_servers``: fake license services without faults, for a first look or while a client is being written."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import click

from fake_servers.errors import FakeServerError
from fake_servers.serve import serve_until_stopped
from fake_servers.state.file import Survives, state_file


class CannotServe(click.ClickException):
    """What the person asked for cannot be had."""

    exit_code = 2


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--port", default=0, type=click.IntRange(0, 65535), help="Port of all services; by default a free one.")
@click.option("--host", default="127.0.0.1", show_default=True, help="An address of this machine alone.")
@click.option("--dialect", default="clearkey", show_default=True, help="The wire format.")
@click.option("--tls", is_flag=True, help="Speak HTTPS, with a test certificate.")
@click.option("--ca-file", type=click.Path(dir_okay=False, path_type=Path), help="Where to write what a client has to trust.")
@click.option("--state", type=click.Path(path_type=Path), metavar="FILE", help="Keep the truth here, and go on from it.")
@click.option(
    "--state-survives",
    type=click.Choice([each.value for each in Survives]),
    help=f"What an answer that left is safe from; a kill costs less. [default: {Survives.POWER_LOSS}]",
)
def main(
    port: int, host: str, dialect: str, tls: bool, ca_file: Path | None, state: Path | None, state_survives: str | None
) -> None:
    """Serve fake license services on this machine until Ctrl-C; each event is told in a line."""

    def ready(endpoints: dict[str, str], ca_pem: bytes | None) -> None:
        for exchange, url in endpoints.items():
            click.echo(f"{exchange:17}  {url}")
        if ca_pem is not None and ca_file is not None:
            ca_file.write_bytes(ca_pem)
            click.echo(f"trust              {ca_file}")
        elif ca_pem is not None:
            click.echo(ca_pem.decode().strip())
        click.echo("Ctrl-C stops.")

    if state is None and state_survives is not None:
        raise click.UsageError("--state-survives goes with --state FILE")
    logging.basicConfig(format="%(levelname)s %(name)s: %(message)s")
    try:
        with state_file(state, state_survives) as stores:
            asyncio.run(
                serve_until_stopped(host=host, port=port, dialect=dialect, tls=tls, say=click.echo, ready=ready, stores=stores)
            )
    except FakeServerError as mistake:
        raise CannotServe(str(mistake)) from mistake
    click.echo("Stopped.")


if __name__ == "__main__":
    main(prog_name="python -m fake_servers")

"""``drm-harness serve``: the services of one scenario on real sockets, for a device or player to use by hand."""

from __future__ import annotations

import asyncio
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path
from random import Random

import click
from rich.console import Console, RenderableType
from rich.text import Text

from fake_servers.content_keys import key_id_text
from fake_servers.engine.host import DEFAULT_NAME, FakeServices
from fake_servers.engine.session import Session
from fake_servers.faults.base import Layer
from fake_servers.faults.script import FaultScript
from fake_servers.journal import Event
from harness.cli.console import show, standard_output
from harness.report.live import Tally, endpoints, live_line
from harness.scenario.library import find
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario


@click.command("serve")
@click.argument("scenario", metavar="SCENARIO")
@click.option(
    "--port",
    type=click.IntRange(0, 65535),
    metavar="N",
    help="One port for all services; 0 for any free one. [default: a free one for each service]",
)
@click.option("--seed", type=click.IntRange(min=0), metavar="N", help="Of the services' choices. [default: the scenario's own]")
def command(scenario: str, port: int | None, seed: int | None) -> None:
    """Bring a scenario's services up on this machine, for a device to use; tell what happens on the wire as it happens.

    The faults wait for your device as they wait for any client. Ctrl-C stops it and tells which of them fired.
    """
    files = find([scenario])
    if len(files) != 1:
        raise click.UsageError(f"{scenario!r} names {len(files)} scenarios; serve takes one at a time")
    chosen = load_scenario(files[0])
    if port is not None:
        _refuse_early_faults(chosen)
    asyncio.run(_serve(chosen, port, chosen.seed if seed is None else seed, standard_output()))


def _refuse_early_faults(scenario: Scenario) -> None:
    for rule in scenario.faults:
        if rule.fault.layer in (Layer.CONNECT, Layer.TLS):
            raise click.UsageError(
                f"{scenario.name} has the fault {rule.fault.name!r}, which acts before a request is read; "
                "its services need a port each: leave --port out"
            )


async def _serve(scenario: Scenario, port: int | None, seed: int, console: Console) -> None:
    loop = asyncio.get_running_loop()
    began_s, tally, stop = loop.time(), Tally(), asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)

    def hear(event: Event) -> None:
        tally.hear(event)
        show(console, [live_line(loop.time() - began_s, event)])

    script = FaultScript(scenario.faults)
    async with FakeServices(rng=Random(f"services {seed}")) as services:
        if port is not None:
            await services.listen_shared(port)
        session = await services.open_session(
            dialect=scenario.dialect,
            script=script,
            given=scenario.given,
            journal=hear,
            tls=scenario.world.tls,
            name=DEFAULT_NAME,
            shared=port is not None,
        )
        with tempfile.TemporaryDirectory(prefix="drm-harness-") as folder:
            show(console, _greeting(scenario, session, seed, _ca_file(session, Path(folder))))
            session.begin()
            began_s = loop.time()
            await stop.wait()
            show(console, [Text("stopping")])
    show(console, map(Text, tally.lines(script)))


def _greeting(scenario: Scenario, session: Session, seed: int, ca_file: str) -> Iterator[RenderableType]:
    yield Text.assemble(("serving ", "bold"), (scenario.name, "bold"), f" · dialect {scenario.dialect} · seed {seed}")
    yield Text(scenario.about)
    yield Text()
    yield endpoints(session.endpoints)
    yield Text()
    if invented := sorted(exchange.value for exchange in session.dialect.invented):
        yield Text(f"wire format of our own: {', '.join(invented)}")
    yield Text(f"content {scenario.given.content!r} has the key id {key_id_text(scenario.given.content)}")
    if ca_file:
        yield Text(f"trust this certificate authority: {ca_file}")
    ports = sorted({url.split("/")[2].rpartition(":")[2] for url in session.endpoints.values()})
    yield Text("These addresses are this machine's alone. An Android device reaches them after:")
    for port in ports:
        yield Text(f"  adb reverse tcp:{port} tcp:{port}")
    yield Text("Another machine reaches them through a tunnel, such as ssh -R. Time counts from now; Ctrl-C stops.")
    yield Text()


def _ca_file(session: Session, folder: Path) -> str:
    if session.ca_pem is None:
        return ""
    path = folder / "ca.pem"
    path.write_bytes(session.ca_pem)
    return str(path)

"""What ``drm-harness serve`` does: puts a scenario into services that are up all day, and tells what happens."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

import click
import psutil
from rich.console import Console, RenderableType
from rich.text import Text

from fake_servers.clock import SYSTEM_CLOCK
from fake_servers.content_keys import key_id_text
from fake_servers.control.all_day import AllDay
from fake_servers.control.roster import Kept, Setup
from fake_servers.engine.host import DEFAULT_NAME
from fake_servers.engine.listener import is_this_machine
from fake_servers.engine.own_authority import own_authority
from fake_servers.engine.tls import Authority, OwnCertificate
from fake_servers.errors import FakeServerError, UnknownNameError
from fake_servers.faults.base import Layer
from fake_servers.journal import Event
from fake_servers.state.file import state_file
from harness.cli.console import show
from harness.errors import HarnessError
from harness.report.live import Tally, endpoints, live_line
from harness.scenario.library import find, scenario_name
from harness.scenario.load import load_scenario
from harness.scenario.model import Scenario
from harness.world.secret import new_token

ANYWHERE = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What was asked for; as the options say it."""

    scenario: str | None
    port: int | None
    control_port: int
    seed: int | None
    dialect: str | None
    quiet: bool
    log_limit: int
    grace: float
    with_token: bool
    host: str
    ca_folder: Path | None
    tls_cert: Path | None
    tls_key: Path | None
    state: Path | None
    state_survives: str | None

    @property
    def lets_others_in(self) -> bool:
        return not is_this_machine(self.host)

    def check(self) -> None:
        """Refuse what does not go together.

        Raises:
            UsageError: Something does not.
        """
        if self.host in ANYWHERE:
            raise click.UsageError(
                f"{self.host} is no address that a device could be given: name one of this machine's own"
                f" ({', '.join(_own_addresses()) or 'it has none that others can reach'})"
            )
        if (self.tls_cert is None) != (self.tls_key is None):
            raise click.UsageError("--tls-cert and --tls-key go together")
        if self.tls_cert is not None and self.ca_folder is not None:
            raise click.UsageError("with a certificate of your own (--tls-cert) no authority is kept: leave --ca-folder out")
        if not self.lets_others_in and (self.tls_cert or self.ca_folder):
            raise click.UsageError(
                "--tls-cert and --ca-folder are for addresses that other machines can reach: name one with --host; on this "
                "machine the stored test authority will do"
            )
        if self.state is None and self.state_survives is not None:
            raise click.UsageError("--state-survives goes with --state FILE")
        if self.scenario is not None and self.dialect is not None:
            raise click.UsageError("the scenario says which dialect is spoken: leave --dialect out, or the scenario")


class ScenarioLibrary:
    """The scenarios that come with the harness, for sessions to be opened from. Reads no other file."""

    def names(self) -> list[str]:
        return [scenario_name(path) for path in find([])]

    def setup(self, name: str) -> Setup:
        names = self.names()
        if name not in names:
            near = [known for known in names if known.rpartition("/")[2] == name.rpartition("/")[2]]
            raise UnknownNameError("scenario", name, near)
        try:
            return setup_of(load_scenario(find([name])[0]))
        except HarnessError as error:
            raise FakeServerError(str(error)) from error


def setup_of(scenario: Scenario, *, shared: bool = False) -> Setup:
    """A session as the scenario describes it."""
    return Setup(
        scenario=scenario.name,
        dialect=scenario.dialect,
        given=scenario.given,
        rules=scenario.faults,
        tls=scenario.world.tls,
        shared=shared,
    )


async def serve(wanted: Wanted, console: Console) -> None:
    """Serve until SIGINT or SIGTERM; then let open requests end, and tell what was seen. A second signal ends it at once.

    Raises:
        FakeServerError: It cannot be served as asked.
        HarnessError: The scenario cannot be read.
    """
    scenario = _chosen(wanted)
    stop, hurry = _signals()
    with (
        tempfile.TemporaryDirectory(prefix="drm-harness-") as folder,
        state_file(wanted.state, wanted.state_survives) as stores,
    ):
        token = new_token() if wanted.lets_others_in or wanted.with_token else None
        seed = wanted.seed if wanted.seed is not None else scenario.seed if scenario is not None else 0
        terminal = Terminal(console, quiet=wanted.quiet)
        async with AllDay(
            rng=Random(f"services {seed}"),
            host=wanted.host,
            port=wanted.port,
            tls=scenario is not None and scenario.world.tls,
            control_port=wanted.control_port,
            token=token,
            authority=_authority(wanted, Path(folder)),
            library=ScenarioLibrary(),
            hears=terminal.hear,
            log_limit=wanted.log_limit,
            stores=stores,
        ) as day:
            setup = _first_setup(wanted, scenario, day)
            kept = await day.roster.open(DEFAULT_NAME, setup)
            show(console, _greeting(scenario, day, kept, seed, token, Path(folder)))
            await stop.wait()
            show(console, [Text("stopping")])
            script = kept.session.script
            await day.stop(wanted.grace, hurry)
    show(console, map(Text, terminal.tally.lines(script)))


class Terminal:
    """Tells each event as it happens, or only counts."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.tally = Tally()
        self._console, self._quiet = console, quiet
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()

    def hear(self, session: str, event: Event) -> None:
        """One more."""
        self.tally.hear(event)
        if not self._quiet:
            line = live_line(self._loop.time() - self._began_s, event)
            try:
                show(self._console, [line if session == DEFAULT_NAME else Text.assemble(line, f"  [{session}]")])
            except OSError:  # whoever read the output has gone; devices are served all the same
                self._quiet = True


# ── what was asked for ───────────────────────────────────────────────────────────────────────────────────────────────


def _chosen(wanted: Wanted) -> Scenario | None:
    if wanted.scenario is None:
        return None
    files = find([wanted.scenario])
    if len(files) != 1:
        raise click.UsageError(f"{wanted.scenario!r} names {len(files)} scenarios; serve takes one at a time")
    scenario = load_scenario(files[0])
    for rule in scenario.faults if wanted.port is not None else ():
        if rule.fault.layer in (Layer.CONNECT, Layer.TLS):
            raise click.UsageError(
                f"{scenario.name} has the fault {rule.fault.name!r}, which acts before a request is read; "
                "its services need a port each: leave --port out"
            )
    return scenario


def _first_setup(wanted: Wanted, scenario: Scenario | None, day: AllDay) -> Setup:
    if scenario is not None:
        setup = setup_of(scenario, shared=day.has_shared_port)
    else:
        setup = Setup(dialect=wanted.dialect or "clearkey", shared=day.has_shared_port)
    return setup.over_tls() if day.must_tls else setup


def _authority(wanted: Wanted, folder: Path) -> Authority | None:
    if not wanted.lets_others_in:
        return None
    if wanted.tls_cert is not None and wanted.tls_key is not None:
        return OwnCertificate(wanted.tls_cert, wanted.tls_key)
    return own_authority(wanted.ca_folder or folder / "authority", wanted.host, SYSTEM_CLOCK)


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Set by the first signal, and by the second."""
    loop = asyncio.get_running_loop()
    stop, hurry = asyncio.Event(), asyncio.Event()

    def heard() -> None:
        (hurry if stop.is_set() else stop).set()

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, heard)
    return stop, hurry


def _own_addresses() -> list[str]:
    found = [one.address for each in psutil.net_if_addrs().values() for one in each if one.family == socket.AF_INET]
    return [address for address in found if not is_this_machine(address)]


# ── what is told first ───────────────────────────────────────────────────────────────────────────────────────────────


def _greeting(
    scenario: Scenario | None, day: AllDay, kept: Kept, seed: int, token: str | None, folder: Path
) -> Iterator[RenderableType]:
    session = kept.session
    name = scenario.name if scenario is not None else "without faults"
    yield Text.assemble(("serving ", "bold"), (name, "bold"), f" · dialect {session.dialect.name} · seed {seed}")
    yield Text(scenario.about if scenario is not None else "Give it faults over the control API, or name a scenario.")
    yield Text()
    yield endpoints(session.endpoints)
    yield Text()
    yield Text(f"control  {day.control_url}/v1/  (what can be asked: /v1/openapi.json)")
    if token is not None:
        yield Text(f"token    {token}  (shown this once; send it as Authorization: Bearer)")
    yield Text()
    if invented := sorted(exchange.value for exchange in session.dialect.invented):
        yield Text(f"wire format of our own: {', '.join(invented)}")
    yield Text(f"content {kept.setup.given.content!r} has the key id {key_id_text(kept.setup.given.content)}")
    if session.ca_pem is not None:
        yield Text(f"trust this certificate authority: {_ca_file(session.ca_pem, folder)}")
    if day.must_tls:
        yield from _for_others(day, session.ca_pem is not None)
    else:
        yield from _for_this_machine(day, session.endpoints)
    yield Text("Time counts from now; Ctrl-C stops.")
    yield Text()


def _for_this_machine(day: AllDay, addresses: dict[str, str]) -> Iterator[RenderableType]:
    ports = sorted({url.split("/")[2].rpartition(":")[2] for url in addresses.values()})
    yield Text("These addresses are this machine's alone. An Android device reaches them after:")
    for port in ports:
        yield Text(f"  adb reverse tcp:{port} tcp:{port}")
    yield Text("Another machine reaches them through a tunnel, such as ssh -R.")


def _for_others(day: AllDay, has_authority: bool) -> Iterator[RenderableType]:
    if has_authority:
        yield Text(f"A device gets it at {day.control_url}/v1/ca.pem and trusts it for {day.host} alone; remove it when done.")
    yield Text("Other machines can come here. Each session's addresses hold a key: give them to nobody but your devices.")


def _ca_file(ca_pem: bytes, folder: Path) -> str:
    path = folder / "ca.pem"
    path.write_bytes(ca_pem)
    return os.fspath(path)

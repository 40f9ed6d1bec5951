"""The world of one run: the services that fail as scripted, what they know, and the recorder that sees everything."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random

from fake_servers.clock import SYSTEM_CLOCK, Clock
from fake_servers.engine.host import FakeServices
from fake_servers.engine.limits import Limits
from fake_servers.engine.session import Session
from fake_servers.faults.base import Network
from fake_servers.faults.early import shuts_the_port
from fake_servers.faults.script import FaultScript
from fake_servers.journal import ConnectionRefused
from fake_servers.services.deciding import complete_page
from harness.scenario.model import Scenario, WorldSettings
from harness.trace.entry import Entry
from harness.world.one_way import Link
from harness.world.recorder import Recorder
from harness.world.scaled_time import ScaledLoop, at_least_real
from harness.world.simulated_network import RefusedConnection, SimulatedNetwork
from harness.world.virtual_loop import VirtualLoop

SIMULATED_HOST = "10.0.0.1"

DEVICE_ADDRESSES = "10.0.1.{}"
"""The device's, once it has changed its first one."""


class LoopClock:
    """The world's date: the scenario's date at the loop's time zero, and on from there."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch_s: float) -> None:
        self._loop = loop
        self._epoch_s = epoch_s

    def epoch_s(self) -> float:
        """Seconds since 1970."""
        return self._epoch_s + self._loop.time()


def link_of(settings: WorldSettings) -> Link:
    """The simulated network's link, as a scenario wants it."""
    return Link(
        latency=settings.latency,
        jitter=settings.jitter,
        segment=settings.segment,
        window=settings.window,
        loses_unread_on_reset=settings.loses_unread_on_reset,
    )


class World:
    """Where one scenario happens.

    Attributes:
        recorder: Everything that happened so far.
        session: The services' session: addresses, truth, script.
        clock: The date that services and in-process clients share.
        rng: The client's randomness. The services draw from a generator of their own, so that neither disturbs the other.
    """

    def __init__(
        self, scenario: Scenario, network: Network, seed: int, session: Session, recorder: Recorder, clock: Clock
    ) -> None:
        self.scenario = scenario
        self.network = network
        self.session = session
        self.recorder = recorder
        self.clock = clock
        self.rng = Random(f"client {seed}")
        self._offline = self._addresses = 0

    @property
    def script(self) -> FaultScript:
        """The faults and what became of them."""
        return self.session.script

    def complete_pages(self) -> None:
        """The user completes every page that is open, in a browser that no fault ever meets."""
        for token, page in sorted(self.session.store.truth()["pages"].items()):
            if not page["completed"]:
                complete_page(self.session.store, token)

    # ── the device's network, on the simulated one ───────────────────────────────────────────────────────────────────

    def go_offline(self) -> None:
        """Cut the device off from everybody; what was done twice is undone twice."""
        self._offline += 1
        network = _simulated()
        network.partition(network.client_address)

    def go_online(self) -> None:
        """Undo ``go_offline``."""
        self._offline -= 1
        network = _simulated()
        network.heal(network.client_address)

    def change_address(self) -> None:
        """The device gets another address; one that is offline stays so. Its connections die without a word."""
        network, offline = _simulated(), self._offline
        for _ in range(offline):
            self.go_online()
        self._addresses += 1
        network.change_address(DEVICE_ADDRESSES.format(self._addresses))
        for _ in range(offline):
            self.go_offline()

    def watch_refusals(self) -> None:
        """On the simulated network a refused connection can be seen; it is the proof that ``refused`` has fired."""
        loop = asyncio.get_running_loop()
        if isinstance(loop, VirtualLoop):
            loop.network.on_refused = self._refused

    def _refused(self, refused: RefusedConnection) -> None:
        service = next((name for name, port in self.session.ports.items() if port == refused.port), None)
        if service is None:
            return
        self.recorder.record(ConnectionRefused(service=service))
        for position, rule in self.script.windows():
            if rule.when.service == service and self.script.is_due(position, self.recorder.elapsed_s):
                self.script.fired(position)

    def credit_refusals(self, entry: Entry) -> None:
        """On loopback nobody sees whom a closed port refused: a failed attempt reported meanwhile is the evidence."""
        for position, rule in self.script.windows():
            if shuts_the_port(rule.fault) and self.script.is_due(position, entry.at):
                self.script.fired(position)


def _simulated() -> SimulatedNetwork:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, VirtualLoop), "harness.runner.reach has refused it on any other network"
    return loop.network


@asynccontextmanager
async def open_world(scenario: Scenario, network: Network, seed: int) -> AsyncIterator[World]:
    """Bring the services up and take them down again, whatever happens."""
    loop = asyncio.get_running_loop()
    simulated = network == "simulated"
    clock = LoopClock(loop, scenario.world.date.timestamp()) if simulated else _machine_clock(loop)
    services = FakeServices(
        clock=clock,
        rng=Random(f"services {seed}"),
        host=SIMULATED_HOST if simulated else "127.0.0.1",
        hold_ports=not simulated,
        limits=Limits(drain_s=at_least_real(Limits().drain_s)),
    )
    recorder = Recorder(loop)
    async with services:
        session = await services.open_session(
            dialect=scenario.dialect,
            script=FaultScript(scenario.faults),
            given=scenario.given,
            journal=recorder.record,
            tls=scenario.world.tls,
        )
        world = World(scenario, network, seed, session, recorder, clock)
        world.watch_refusals()
        yield world


def _machine_clock(loop: asyncio.AbstractEventLoop) -> Clock:
    """The machine's date, from now on at the loop's pace."""
    return LoopClock(loop, SYSTEM_CLOCK.epoch_s() - loop.time()) if isinstance(loop, ScaledLoop) else SYSTEM_CLOCK

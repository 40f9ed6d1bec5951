"""The fixture ``fake_server``: a scenario's services on real sockets, in a thread, while a test does what it likes."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator, Mapping
from concurrent.futures import Future
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from fake_servers.engine.certificates import CA_FILE
from harness.pytest_plugin.choice import choice_of, said_by_marker
from harness.report.entry_text import entry_text
from harness.scenario.load import load_scenario, networks
from harness.scenario.model import Scenario
from harness.trace.entry import Entry
from harness.world.world import World, open_world

STARTS_WITHIN_S = 30.0

Up = Future[tuple["FakeServer", asyncio.AbstractEventLoop, asyncio.Event]]
"""Set once the services are up: they, their loop, and what stops them."""


class FakeServer:
    """Services that fail as a scenario says.

    Attributes:
        scenario: What fails, and when.
        endpoints: Exchange (``license``, ``individualize`` …) to URL.
        ca_file: Path of the PEM file to trust, if the scenario's services speak TLS.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        self.scenario = scenario
        self.endpoints: Mapping[str, str] = dict(world.session.endpoints)
        self.ca_file = str(CA_FILE) if world.session.tls else None
        self._world = world

    @property
    def seen(self) -> tuple[Entry, ...]:
        """Everything that has come to the services, and what they did, so far."""
        return tuple(self._world.recorder.entries)

    @property
    def fates(self) -> tuple[str, ...]:
        """What became of each fault, in the scenario's order: ``fired``, ``unfired`` or ``not_reached``."""
        return tuple(fate.value for fate in self._world.script.fates())

    def told(self) -> str:
        """Everything that was seen, a line each, and what became of the faults."""
        lines = [f"{entry.at:9.3f}  {entry_text(entry.what)}" for entry in self.seen]
        became = [
            f"{rule.fault.name} {fate.replace('_', ' ')}" for rule, fate in zip(self.scenario.faults, self.fates, strict=True)
        ]
        return "\n".join([*lines, f"faults: {', '.join(became) or 'none'}"])


@contextmanager
def serving(request: pytest.FixtureRequest, file: Path) -> Iterator[FakeServer]:
    """Serve the scenario in this file. It ends in order, whatever becomes of the test."""
    said = said_by_marker(request.node)
    scenario = load_scenario(file)
    if "loopback" not in networks(scenario) or said.get("network") == "simulated":
        pytest.skip("fake_server stands on real sockets, and this scenario was meant for the simulated network")
    seeds = (said.get("seed"), choice_of(request.config).seed, scenario.seed)
    seed = next(seed for seed in seeds if seed is not None)
    up: Up = Future()

    async def serve() -> None:
        async with open_world(scenario, "loopback", seed) as world:
            world.recorder.begin()
            world.session.begin()
            stop = asyncio.Event()
            up.set_result((FakeServer(scenario, world), asyncio.get_running_loop(), stop))
            await stop.wait()

    thread = threading.Thread(target=_run, args=(serve, up), name="fake_server", daemon=True)
    thread.start()
    server, loop, stop = up.result(STARTS_WITHIN_S)
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(stop.set)
        thread.join()


def _run(serve: Callable[[], Coroutine[Any, Any, None]], up: Up) -> None:
    """The thread's own: a failure to begin is told to the test that waits."""
    try:
        asyncio.run(serve())
    except Exception as error:
        if up.done():
            raise
        up.set_exception(error)

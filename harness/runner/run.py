"""``run(scenario, client) -> Run``: build the world, conduct the client through it, judge the trace."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from random import Random
from typing import Any, TypeVar

import harness
from fake_servers.dialects import DIALECTS
from fake_servers.engine.certificates import CA_FILE
from fake_servers.faults.base import Network
from harness.adapters.protocol import ClientUnderTest
from harness.checks.judge import judge
from harness.checks.registry import Verdict
from harness.device.event import REACH
from harness.errors import OutOfReachError, WorldError
from harness.runner.conduct import Conductor, Patience, setup_for
from harness.runner.pace import REAL, Pace, skip_waits
from harness.runner.reach import tier_lacks
from harness.scenario.load import networks
from harness.scenario.model import Scenario
from harness.tiers.message import message_world
from harness.tiers.model import ModelRun
from harness.tiers.raw_server import raw_handlers
from harness.tiers.tier import Tier, core_client
from harness.trace.entry import Entry
from harness.trace.trace import Head, Trace
from harness.world.bindings import bind_to_world
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time
from harness.world.world import World, link_of, open_world

T = TypeVar("T")

Watcher = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario, played and judged.

    Attributes:
        rerun_after: Which time it was played in first, without holding; empty if this was the first time.
        why_real: Why the world did not go faster, if somebody wanted it to.
    """

    trace: Trace
    verdicts: tuple[Verdict, ...]
    rerun_after: str = ""
    why_real: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How a scenario is played, beyond what it says itself.

    Attributes:
        seed: Names the run, together with the version.
        tier: How much of the wire is real; all but ``wire`` need the simulated network and a client built on our core.
        interleave: Seeds another order of what is ready at the same moment, to find races; None keeps asyncio's own.
        pace: How fast the world goes on the loopback network.
        watch: Called with each entry as it is recorded.
    """

    network: Network
    seed: int
    tier: Tier = "wire"
    interleave: int | None = None
    pace: Pace = REAL
    watch: Watcher | None = None

    def cannot(self, scenario: Scenario) -> str:
        """Why this scenario cannot be played so; empty if it can."""
        if self.network not in networks(scenario):
            return f"{scenario.name}: {_beyond(scenario, self.network)}"
        if self.tier != "wire" and self.network != "simulated":
            return f"the {self.tier} tier runs in virtual time only; use --tier wire on the {self.network} network"
        if self.interleave is not None and self.network != "simulated":
            return "only virtual time can be interleaved: on real sockets the kernel decides what comes first"
        if self.interleave is not None and self.tier == "model":
            return "the model tier has no event loop whose turns could be interleaved; use --tier message, raw or wire"
        return ""


def _beyond(scenario: Scenario, network: Network) -> str:
    """What of it cannot be had on this network, and where it can."""
    reach = sorted(networks(scenario))
    lacking = [rule.fault.name for rule in scenario.faults if network not in rule.fault.reach]
    lacking += [step.event.name for step in scenario.device if any(network not in REACH[each] for each in step.event.needs)]
    instead = f"use --network {reach[0]}" if reach else "nor can the rest of it on any other"
    return f"{', '.join(dict.fromkeys(lacking))} cannot be had on the {network} network; {instead}"


def run(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    *,
    client_name: str,
    adapter: str,
    network: Network,
    seed: int | None = None,
    watch: Watcher | None = None,
    tier: Tier = "wire",
    pace: Pace = REAL,
    interleave: int | None = None,
) -> Run:
    """Play ``scenario`` with a fresh client and judge what was seen.

    Args:
        seed: The scenario's own if absent. This and the others are told of in :class:`Way`.

    Raises:
        WorldError: The scenario or the client is out of reach of this network or tier, or the world came to a standstill.
        OutOfReachError: The same of what is to happen to the device.
        AdapterError: The client cannot be reached.
    """
    trace = play(
        scenario,
        client,
        client_name=client_name,
        adapter=adapter,
        network=network,
        seed=seed,
        watch=watch,
        tier=tier,
        pace=pace,
        interleave=interleave,
    )
    return Run(trace, tuple(judge(trace)))


def play(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    *,
    client_name: str,
    adapter: str,
    network: Network,
    seed: int | None = None,
    watch: Watcher | None = None,
    tier: Tier = "wire",
    pace: Pace = REAL,
    interleave: int | None = None,
) -> Trace:
    """The same without judging."""
    way = Way(
        network=network,
        seed=scenario.seed if seed is None else seed,
        tier=tier,
        interleave=interleave,
        pace=pace,
        watch=watch,
    )
    if why := way.cannot(scenario):
        raise WorldError(why)
    if why := tier_lacks(scenario, way.tier):
        raise OutOfReachError(f"{scenario.name}: {why}")
    heading = _heading(scenario, client_name, adapter, way)
    if tier == "model":
        return _modelled(scenario, client(), heading, watch)
    if network == "simulated":
        return in_virtual_time(
            lambda: _played(scenario, client, heading, way), scenario, way.seed, who=client_name, interleave=way.interleave
        )
    return pace.run(lambda: _played(scenario, client, heading, way))


Heading = Callable[[ClientUnderTest], Head]
"""Writes the head of a trace, once the client has said all that it says of itself."""


def _heading(scenario: Scenario, client_name: str, adapter: str, way: Way) -> Heading:
    return lambda client: Head(
        version=harness.__version__,
        client=client_name,
        adapter=adapter,
        network=way.network,
        seed=way.seed,
        tier=way.tier,
        interleave=way.interleave,
        capabilities=client.capabilities,
        invented=_invented(scenario),
        scenario=scenario,
        profile=client.profile,
    )


def _modelled(scenario: Scenario, client: ClientUnderTest, heading: Heading, watch: Watcher | None) -> Trace:
    head = heading(client)
    ran = ModelRun(scenario, core_client(client, "model"), head.seed)
    ran.play()
    entries = ran.log.entries()
    if watch is not None:
        for entry in entries:
            watch(entry)
    return Trace(head=head, entries=entries)


def in_virtual_time(
    main: Callable[[], Coroutine[Any, Any, T]], scenario: Scenario, seed: int, *, who: str, interleave: int | None = None
) -> T:
    """Run ``main()`` where the scenario happens: in its virtual time, at its date, on its link, under this seed.

    Args:
        who: Whoever runs in it, for errors.

    Raises:
        WorldError: It came to a standstill, or asked for what there is not in virtual time, such as a thread.
    """

    async def bound() -> T:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with bind_to_world(loop, scenario.world.date.timestamp(), Random(f"libraries {seed}")):
            done = await main()
        if loop.refusals:  # the client may have swallowed them, but what it did then is no fact about it
            raise WorldError(f"{who} cannot run on the simulated network: {loop.refusals[0]}; use --network loopback")
        return done

    order = None if interleave is None else Random(f"interleave {interleave}")
    return run_in_virtual_time(bound, link=link_of(scenario.world), rng=Random(f"network {seed}"), interleave=order)


async def _played(scenario: Scenario, client: Callable[[], ClientUnderTest], heading: Heading, way: Way) -> Trace:
    under_test, pace = client(), way.pace
    async with _world(scenario, under_test, way) as world:
        if way.watch is not None:
            world.recorder.watchers.append(way.watch)
        if pace.skips_waits:
            skip_waits(under_test, world)
        conductor = Conductor(world, under_test, _patience(scenario, way))
        with _state_folder(way.network) as state_dir:
            ca_file = _ca_file(world)
            await conductor.play(setup_for(world, conductor, ca_file=ca_file, state_dir=state_dir, speed=pace.factor))
        head = heading(under_test)
        if way.network == "loopback":
            head = head.model_copy(update={"time": pace.told()})
    return Trace(head=head, entries=tuple(world.recorder.entries))


@asynccontextmanager
async def _world(scenario: Scenario, client: ClientUnderTest, way: Way) -> AsyncIterator[World]:
    if way.tier == "message":
        yield message_world(scenario, way.seed, core_client(client, way.tier))
        return
    async with open_world(scenario, way.network, way.seed) as world:
        if way.tier == "raw":
            world.session.handler_for = raw_handlers(world.session)
        yield world


def _patience(scenario: Scenario, way: Way) -> Patience:
    return way.pace.patience(scenario) if way.network == "loopback" else Patience(scenario.world.limit, scenario.world.observe)


@contextmanager
def _state_folder(network: Network) -> Iterator[str]:
    """A folder for the client; none on the simulated network, where nothing touches a disk."""
    if network == "simulated":
        yield ""
        return
    with tempfile.TemporaryDirectory(prefix="drm-harness-") as folder:
        yield folder


def _ca_file(world: World) -> str | None:
    """The stored one, on both networks: nothing is written."""
    return str(CA_FILE) if world.session.tls else None


def _invented(scenario: Scenario) -> tuple[str, ...]:
    return tuple(sorted(exchange.value for exchange in DIALECTS[scenario.dialect].invented))

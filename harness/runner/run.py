"""``run(scenario, client) -> Run``: build the world, conduct the client through it, judge the trace."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from random import Random

import harness
from fake_servers.certificates import CA_FILE
from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import Network
from harness.adapters.protocol import ClientUnderTest
from harness.checks.judge import judge
from harness.checks.registry import Verdict
from harness.errors import WorldError
from harness.runner.conduct import Conductor, Patience, setup_for
from harness.scenario.load import networks
from harness.scenario.model import Scenario
from harness.trace.entry import Entry
from harness.trace.trace import Head, Trace
from harness.world.bindings import bind_to_world
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time
from harness.world.world import World, link_of, open_world

LOOPBACK_LIMIT_S = 90.0
LOOPBACK_OBSERVE_S = 1.0

Watcher = Callable[[Entry], None]


@dataclass(frozen=True, slots=True)
class Run:
    """One scenario, played and judged."""

    trace: Trace
    verdicts: tuple[Verdict, ...]


def run(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    *,
    client_name: str,
    adapter: str,
    network: Network,
    seed: int | None = None,
    watch: Watcher | None = None,
) -> Run:
    """Play ``scenario`` with a fresh client and judge what was seen.

    Args:
        seed: Names the run, together with the version; the scenario's own if absent.
        watch: Called with each entry as it is recorded.

    Raises:
        WorldError: The scenario is out of reach of this network, or the world came to a standstill.
        AdapterError: The client cannot be reached.
    """
    if network not in networks(scenario):
        raise WorldError(f"{scenario.name}: its faults cannot be had on the {network} network; use --network loopback")
    seed = scenario.seed if seed is None else seed
    trace = (
        _simulated(scenario, client, client_name, adapter, seed, watch)
        if network == "simulated"
        else asyncio.run(_played(scenario, client, client_name, adapter, network, seed, watch))
    )
    return Run(trace, tuple(judge(trace)))


def _simulated(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    client_name: str,
    adapter: str,
    seed: int,
    watch: Watcher | None,
) -> Trace:
    async def main() -> Trace:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        with bind_to_world(loop, scenario.world.date.timestamp(), Random(f"libraries {seed}")):
            trace = await _played(scenario, client, client_name, adapter, "simulated", seed, watch)
        if loop.refusals:  # the client may have swallowed them, but what it did then is no fact about it
            raise WorldError(f"{client_name} cannot run on the simulated network: {loop.refusals[0]}; use --network loopback")
        return trace

    return run_in_virtual_time(main, link=link_of(scenario.world), rng=Random(f"network {seed}"))


async def _played(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    client_name: str,
    adapter: str,
    network: Network,
    seed: int,
    watch: Watcher | None,
) -> Trace:
    under_test = client()
    async with open_world(scenario, network, seed) as world:
        if watch is not None:
            world.recorder.watchers.append(watch)
        conductor = Conductor(world, under_test, _patience(scenario, network))
        with _state_folder(network) as state_dir:
            await conductor.play(setup_for(world, conductor, ca_file=_ca_file(world), state_dir=state_dir))
        head = Head(
            version=harness.__version__,
            client=client_name,
            adapter=adapter,
            network=network,
            seed=seed,
            capabilities=under_test.capabilities,
            invented=_invented(scenario),
            scenario=scenario,
            profile=under_test.profile,
        )
    return Trace(head=head, entries=tuple(world.recorder.entries))


def _patience(scenario: Scenario, network: Network) -> Patience:
    limit_s, observe_s = scenario.world.limit, scenario.world.observe
    if network == "loopback":
        return Patience(min(limit_s, LOOPBACK_LIMIT_S), min(observe_s, LOOPBACK_OBSERVE_S))
    return Patience(limit_s, observe_s)


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

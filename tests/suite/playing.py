"""Plays a client through the whole scenario library and sums up what the checks said."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor

from fake_servers.faults.base import Network
from harness.adapters.protocol import ClientUnderTest
from harness.checks.registry import Ruling
from harness.runner.reach import client_lacks
from harness.runner.run import Run, run
from harness.scenario.library import find
from harness.scenario.load import load_scenario, networks
from harness.scenario.model import Scenario
from harness.tiers.tier import Tier

MakesClient = Callable[[], ClientUnderTest]

LIBRARY = tuple(map(load_scenario, find([])))
SIMULATED = tuple(scenario for scenario in LIBRARY if "simulated" in networks(scenario))
ON_EVERY_TIER = tuple(scenario for scenario in SIMULATED if not scenario.device)
"""What happens to a device has its own tests, on the tiers and networks that it can be had on."""
BEYOND_SIMULATION = tuple(scenario for scenario in LIBRARY if "simulated" not in networks(scenario))
AT_ONCE = 8
"""On loopback a run mostly waits, so that several may wait together."""


def within_promise(scenarios: Iterable[Scenario], client: MakesClient) -> Iterator[Scenario]:
    """Those that the client's profile says it can do, and whose device it can be."""
    sample = client()
    profile = sample.profile
    for scenario in scenarios:
        is_promised = scenario.operation in profile.operations and scenario.dialect in profile.dialects
        if is_promised and not client_lacks(scenario, sample):
            yield scenario


def play(
    scenario: Scenario, client: MakesClient, network: Network = "simulated", seed: int | None = None, tier: Tier = "wire"
) -> Run:
    """One run, with the client named as in its profile."""
    name = client().profile.name
    return run(scenario, client, client_name=name, adapter="python", network=network, seed=seed, tier=tier)


def play_all(scenarios: Iterable[Scenario], client: MakesClient, tier: Tier = "wire") -> Iterator[tuple[Scenario, Run]]:
    """One simulated run after the other."""
    for scenario in within_promise(scenarios, client):
        yield scenario, play(scenario, client, tier=tier)


def play_on_loopback(scenarios: Iterable[Scenario], client: MakesClient) -> list[tuple[Scenario, Run]]:
    """All of them on real sockets, several at a time."""
    chosen = list(within_promise(scenarios, client))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(zip(chosen, threads.map(lambda scenario: play(scenario, client, "loopback"), chosen), strict=True))


def problems(played: Iterable[tuple[Scenario, Run]]) -> list[str]:
    """What an honest client must not be told: failures, doubts, and runs that did not end by themselves."""
    found: list[str] = []
    for scenario, done in played:
        if (why := done.trace.end.why if done.trace.end else "cut off") != "settled":
            found.append(f"{scenario.name}: ended by {why}")
        for verdict in done.verdicts:
            if verdict.ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE):
                finding = verdict.finding
                found.append(f"{scenario.name}: {verdict.check.id} {verdict.ruling}: {finding.expected} | {finding.observed}")
    return found


def failures(played: Iterable[tuple[Scenario, Run]]) -> dict[str, list[str]]:
    """Check id to what it said of each run that failed it, in the order of the library."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for scenario, done in played:
        for verdict in done.verdicts:
            if verdict.ruling is Ruling.FAILED:
                found[verdict.check.id].append(f"{scenario.name}: {verdict.finding.expected} | {verdict.finding.observed}")
    return dict(found)

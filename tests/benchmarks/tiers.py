"""What a history costs on each tier: CPU time, in turn within each round, as ratios taken round by round.

A history is three failed attempts (the connection reset at once, 503, the reply cut after 120 bytes), with pauses of 1, 2 and
4 s, and a fourth that succeeds.
"""

from __future__ import annotations

import gc
import resource
from collections.abc import Callable, Sequence
from functools import partial
from itertools import count
from statistics import median
from time import process_time

from fake_servers.faults.base import Network
from harness.checks.judge import judge
from harness.checks.registry import Verdict
from harness.client.reference import ReferenceClient
from harness.operations.retry import RetryPolicy
from harness.runner.run import play, run
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario
from harness.tiers.bare import Bare
from harness.tiers.foreseen_message import ForeseenMessage
from harness.tiers.foreseen_raw import ForeseenRaw
from harness.tiers.tier import Tier
from harness.tiers.volume import after_all, play_volume
from harness.tiers.watch import Nobody

ROUNDS = 7
MANY = 100_000

HISTORY = read_scenario("""
about: A viewer's first three tries fail in three ways, and the fourth works.
operation: license_acquisition
faults:
  - {when: {exchange: license, nth: 1}, fault: reset_after, after_bytes: 0 bytes}
  - {when: {exchange: license, nth: 2}, fault: status, status: 503}
  - {when: {exchange: license, nth: 3}, fault: reset_after, after_bytes: 120 bytes}
expect: {outcome: succeeded, holds: [film]}
""")
AT_ONCE = HISTORY.model_copy(update={"world": HISTORY.world.model_copy(update={"observe": 0.0})})


class Hasty(ReferenceClient):
    """Tries again at once, so that loopback costs nothing but work."""

    profile = ReferenceClient.profile.model_copy(update={"retry": RetryPolicy(base=0.0, jitter=0.0)})


def traced(
    tier: Tier, scenario: Scenario = HISTORY, client: type[ReferenceClient] = ReferenceClient, network: Network = "simulated"
) -> None:
    """One history, with its trace, not judged."""
    play(scenario, client, client_name="bench", adapter="python", network=network, tier=tier)


def judged(tier: Tier) -> None:
    """The same, judged by all checks."""
    judge(play(HISTORY, ReferenceClient, client_name="bench", adapter="python", network="simulated", tier=tier))


CLIENT = ReferenceClient()


SEEDS = count()


def bare(by: Bare) -> None:
    """Without a trace, each time under another seed; nobody watches, and what the services come to is looked up."""
    by.play(HISTORY, next(SEEDS), Nobody)


def in_full(scenario: Scenario, seed: int) -> Sequence[Verdict]:
    """What the volume mode does with one history in a hundred."""
    ran = run(scenario, ReferenceClient, client_name="bench", adapter="python", network="simulated", seed=seed, tier="model")
    return ran.verdicts


def watched(histories: int, seeds: count[int]) -> None:
    """The volume mode, with its monitor."""
    after_all(play_volume(((HISTORY, next(seeds)) for _ in range(histories)), CLIENT, in_full))


def tiers() -> None:
    """Every tier against the wire tier, and the memory that 100,000 histories leave behind."""
    seeds = count()
    # name: how many histories a round, what plays so many
    plays: dict[str, tuple[int, Callable[[], object]]] = {
        "T3 wire": (20, lambda: traced("wire")),
        "loopback, no waits": (20, lambda: traced("wire", AT_ONCE, Hasty, "loopback")),
        "T2 raw, traced": (20, lambda: traced("raw")),
        "T1 message, traced": (40, lambda: traced("message")),
        "T0 model, traced": (100, lambda: traced("model")),
        "T2 bare": (30, partial(bare, Bare(CLIENT, ForeseenRaw))),
        "T1 bare": (200, partial(bare, Bare(CLIENT, ForeseenMessage))),
        "T0 bare": (1000, partial(bare, Bare(CLIENT))),
        "T0 volume": (1, partial(watched, 1000, seeds)),
        "T3 wire, all checks": (20, lambda: judged("wire")),
        "T0 model, all checks": (60, lambda: judged("model")),
    }
    targets = (
        ("loopback, no waits", "T3 wire", 1.5),
        ("T3 wire", "T2 bare", 1.5),
        ("T3 wire", "T1 bare", 6.0),
        ("T3 wire", "T0 bare", 40.0),
        ("T3 wire", "T0 volume", 20.0),
        ("T3 wire, all checks", "T0 model, all checks", 6.0),
    )
    print(f"tiers: {ROUNDS} rounds, CPU time of one history (three failed attempts, 1, 2 and 4 s apart, then success)")
    costs: dict[str, list[float]] = {name: [] for name in plays}
    for _, once in plays.values():
        once()
    for _ in range(ROUNDS):
        for name, (times, once) in plays.items():
            costs[name].append(_cpu_s(once, times) / HISTORIES.get(name, 1))
    for name, values in costs.items():
        print(f"  {name:22} {median(values) * 1e6:8.0f} µs  {1 / median(values):8.0f} /s  (from {min(values) * 1e6:.0f} µs)")
    for above, below, wanted in targets:
        ratios = [a / b for a, b in zip(costs[above], costs[below], strict=True)]
        verdict = "reached" if median(ratios) >= wanted else "missed"
        print(f"  {above} ÷ {below}: {median(ratios):.2f} ({min(ratios):.2f} to {max(ratios):.2f}); aim {wanted:g}: {verdict}")
    _memory(seeds)


HISTORIES = {"T0 volume": 1000}
"""Those that one call plays more than one of."""


def _memory(seeds: count[int]) -> None:
    watched(MANY // 10, seeds)
    gc.collect()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    watched(MANY, seeds)
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"  memory over {MANY:,} histories: {before / 1024:.0f} MB at most before, {after / 1024:.0f} MB at most after")


def _cpu_s(once: Callable[[], object], times: int) -> float:
    began = process_time()
    for _ in range(times):
        once()
    return (process_time() - began) / times

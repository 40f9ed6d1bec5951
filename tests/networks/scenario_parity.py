"""Plays the scenario library on both networks with the reference client, in about 20 s of real time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from time import sleep

from fake_servers.faults.base import ConnectPlan
from fake_servers.faults.early import plan_of
from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from harness.trace.trace import Trace
from tests.networks.equality import differences, lanes_of
from tests.networks.scaling import scaled, scaled_client
from tests.suite.playing import ON_EVERY_TIER, play

TARGET_S = 6.0
"""A scenario that takes longer is scaled down to this."""
AT_ONCE = 32
"""Runs on real sockets mostly wait."""
BEGIN_EVERY_S = 0.08
"""A run works most when it begins; many that begin together would make each other late."""

PAGE_PATIENCE_S = {"license_acquisition/page_never_completed": 12.5}
"""Where a client looks again and again until its patience ends: patience that ends soon, and in the middle between two looks.

At 600 s, one look every 5 s, what a busy machine adds to each look would come to a look more or less.
"""

WHOLE_SECONDS = {"license_acquisition/two_minutes_at_a_time": 1 / 60}
"""Where the factor is given: two minutes of Retry-After become two seconds, since there is no Retry-After of a fraction."""


@dataclass(frozen=True, slots=True)
class Compared:
    """One scenario on both networks.

    Attributes:
        full_s: How long it takes unscaled, in virtual time.
        factor: What its durations were multiplied with, on both networks.
        differences: What the two traces tell differently.
        by_scaling: Lanes of the simulated trace that scaling has changed. There may be none: else it would be another scenario.
    """

    scenario: str
    full_s: float
    factor: float
    differences: tuple[str, ...]
    by_scaling: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Plan:
    full: Trace
    factor: float
    scenario: Scenario
    client: Callable[[], ReferenceClient]
    simulated: Trace


def compare(scenarios: Iterable[Scenario] = ON_EVERY_TIER) -> list[Compared]:
    """All of them, in order. The simulated runs come first: they bind clocks that a run in real time must not see bound."""
    plans = [_plan(scenario) for scenario in scenarios]
    beginning = Lock()
    longest_first = sorted(plans, key=lambda plan: -_last_word_s(plan.simulated))
    with ThreadPoolExecutor(AT_ONCE) as threads:
        running = {plan.scenario.name: threads.submit(_in_real_time, plan, beginning) for plan in longest_first}
        return [_compared(plan, running[plan.scenario.name].result()) for plan in plans]


def _in_real_time(plan: _Plan, beginning: Lock) -> Trace:
    with beginning:
        sleep(BEGIN_EVERY_S)
    return play(plan.scenario, plan.client, "loopback").trace


def _plan(scenario: Scenario) -> _Plan:
    patience_s = PAGE_PATIENCE_S.get(scenario.name, Decisions.page_patience_s)
    full = play(scenario, scaled_client(1.0, page_patience_s=patience_s)).trace
    factor = 1.0 if _waits_for_a_kernel(scenario) else TARGET_S / max(_last_word_s(full), TARGET_S)
    factor = WHOLE_SECONDS.get(scenario.name, factor)
    short, client = scaled(scenario, factor), scaled_client(factor, page_patience_s=patience_s)
    return _Plan(full, factor, short, client, play(short, client).trace)


def _waits_for_a_kernel(scenario: Scenario) -> bool:
    """Whether TCP itself knocks again and again: its pauses are no part of a scenario, and cannot be scaled."""
    return any(plan_of(rule.fault) is ConnectPlan.DROP for rule in scenario.faults)


def _compared(plan: _Plan, loopback: Trace) -> Compared:
    full, short = lanes_of(plan.full), lanes_of(plan.simulated)
    return Compared(
        plan.scenario.name,
        _last_word_s(plan.full),
        plan.factor,
        tuple(differences(plan.simulated, loopback)),
        tuple(lane for lane in dict.fromkeys((*full, *short)) if full.get(lane) != short.get(lane)),
    )


def _last_word_s(trace: Trace) -> float:
    return max((entry.at for entry in trace.statuses), default=0.0)

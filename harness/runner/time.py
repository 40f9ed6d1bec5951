"""Which time a run on loopback keeps, and what becomes of a verdict that was not reached in real time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from math import floor

from harness.adapters.faketime import Obstacle, obstacle_for
from harness.adapters.protocol import ClientUnderTest
from harness.checks.registry import Ruling
from harness.device.event import LastingEvent
from harness.errors import AdapterError
from harness.runner.pace import LIMIT_S, REAL, Pace
from harness.runner.run import Run, Watcher, run
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.world.real_time import loopback_latency_s

MOST = 60
"""How many times faster than real time a world runs at most, unless a cap is given."""

LEAST = 2
"""What is slower than this is not worth the doubt."""

EXCHANGES = 20
"""So many exchanges, each as slow as the slowest in a hundred, fit into the shortest time that anybody promised."""


class Asked(StrEnum):
    """What the user wants of time on the loopback network."""

    REAL = "real"
    SCALED = "scaled"
    AUTO = "auto"


@dataclass(frozen=True, slots=True)
class TimeWanted:
    """Which time, and how many times faster than real time at most."""

    asked: Asked = Asked.REAL
    most: int = MOST


def run_in_time(
    scenario: Scenario,
    client: Callable[[], ClientUnderTest],
    wanted: TimeWanted,
    *,
    client_name: str,
    adapter: str,
    seed: int | None = None,
    watch: Watcher | None = None,
    latency_s: Callable[[], float] = loopback_latency_s,
) -> Run:
    """Play and judge on loopback, as fast as can be relied on. What does not hold then is played again in real time, and that
    counts, unless real time would outlast the patience with a run.

    Args:
        wanted: The time asked for.
        latency_s: The 99th percentile of an exchange on this machine.

    Raises:
        WorldError: The scenario is out of reach of loopback.
        AdapterError: The client cannot be reached, or scaled time was asked for and cannot be had.
    """

    def played(pace: Pace) -> Run:
        done = run(
            scenario, client, client_name=client_name, adapter=adapter, network="loopback", seed=seed, watch=watch, pace=pace
        )
        return replace(done, why_real=pace.why)

    pace = pace_for(scenario, client(), wanted, latency_s)
    first = played(pace)
    told = first.trace.head.time
    if told == REAL_TIME or (holds(first) and keeps_its_word(first, pace, latency_s)):
        return first
    if pace.factor == 1 and lasted_s(first) > LIMIT_S:
        return replace(first, why_real=f"in real time it lasts longer than {LIMIT_S:g} s, so it was not run again")
    return replace(played(REAL), rerun_after=told)


REAL_TIME = "real"


def pace_for(scenario: Scenario, client: ClientUnderTest, wanted: TimeWanted, latency_s: Callable[[], float]) -> Pace:
    """How fast a scenario can be played with a client.

    Raises:
        AdapterError: Scaled time was asked for, and nothing can scale this client's.
    """
    words = getattr(client, "words", None)
    if wanted.asked is Asked.REAL or words is None:
        return REAL
    may_wait = hasattr(client, "waits")
    obstacle = obstacle_for(words)
    if obstacle is not None and _stands(obstacle, wanted):
        if wanted.asked is Asked.SCALED and not may_wait:
            raise AdapterError(f"no scaled time: {obstacle.why}; use --time real")
        return Pace(skips_waits=may_wait, why=obstacle.why)
    factor, why = bounded(shortest_s(scenario, client.profile, client.capabilities), wanted.most, latency_s())
    return Pace(factor, may_wait, why)


def _stands(obstacle: Obstacle, wanted: TimeWanted) -> bool:
    return not obstacle.is_doubt or wanted.asked is Asked.AUTO


def bounded(shortest_s: float, most: int, latency_s: float) -> tuple[int, str]:
    """The factor at which ``EXCHANGES`` slow exchanges still fit into the shortest time that matters; and if it is 1, why."""
    bound = floor(shortest_s / (EXCHANGES * latency_s))
    if min(bound, most) >= LEAST:
        return min(bound, most), ""
    why = f"{shortest_s:g} s are too short for scaled time here, where an exchange takes up to {latency_s * 1000:.1f} ms"
    return 1, why if bound < LEAST else ""


def shortest_s(scenario: Scenario, profile: Profile, capabilities: frozenset[str]) -> float:
    """The shortest of the times that a client promises and of the moments at which the user steps in.

    A program that has not said yet what it promises is taken to promise the usual; ``keeps_its_word`` looks again afterwards.
    """
    times = [profile.cancel, *(action.at for action in scenario.user if action.at)]
    times += [step.at for step in scenario.device if step.at]
    times += [step.event.for_s for step in scenario.device if isinstance(step.event, LastingEvent) and step.event.for_s]
    if "status" in capabilities:
        times += [profile.first_status, Profile(name="usual").first_status]
    if profile.retry is not None:
        times.append(profile.retry.attempt_timeout)
    return min(times)


def keeps_its_word(done: Run, pace: Pace, latency_s: Callable[[], float]) -> bool:
    """Whether what the client has said meanwhile of its promises allows for the pace at which it was played."""
    head = done.trace.head
    return pace.factor <= bounded(shortest_s(head.scenario, head.profile, head.capabilities), MOST, latency_s())[0]


def holds(done: Run) -> bool:
    """No check failed, and none is in doubt."""
    return not any(verdict.ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE) for verdict in done.verdicts)


def lasted_s(done: Run) -> float:
    """How long it took in the world's time."""
    return done.trace.entries[-1].at

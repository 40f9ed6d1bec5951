"""How fast a run's world goes, and the loop on which it goes so fast."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from harness.adapters.protocol import ClientUnderTest
from harness.runner.conduct import Patience
from harness.scenario.model import Scenario
from harness.world.in_flight import InFlight
from harness.world.scaled_time import ScaledLoop, run_in_scaled_time
from harness.world.world import World

T = TypeVar("T")

LIMIT_S = 90.0
"""Real seconds that a run on loopback may take."""

OBSERVE_S, OBSERVE_REAL_S = 1.0, 0.2
"""How long it is watched, at most, once nothing is left to do: so much of the world's time, and so much real time at least."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How the world's time relates to real time, on the loopback network.

    Attributes:
        factor: The world's seconds in a real second.
        skips_waits: Skip what is left of a wait while the client does nothing else, if it says that it does nothing else.
        why: Why it is not faster, for people.
        limit_s: Real seconds that a run may take, what is skipped apart.
    """

    factor: float = 1.0
    skips_waits: bool = False
    why: str = ""
    limit_s: float = LIMIT_S

    @property
    def is_real(self) -> bool:
        """Nothing is scaled, and nothing skipped."""
        return self.factor == 1 and not self.skips_waits

    def run(self, main: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Run ``main()`` on a loop of this pace."""
        return asyncio.run(main()) if self.is_real else run_in_scaled_time(main, self.factor)

    def patience(self, scenario: Scenario) -> Patience:
        """What a scenario grants, within bounds that keep a run short in real time."""
        settings, spent_s = scenario.world, self.limit_s * self.factor
        observe_s = min(settings.observe, max(OBSERVE_S, OBSERVE_REAL_S * self.factor))
        if self.skips_waits:
            return Patience(settings.limit, observe_s, spent_s)
        return Patience(min(settings.limit, spent_s), observe_s, math.inf)

    def told(self) -> str:
        """Which time the running loop has kept, for a trace's head."""
        loop = asyncio.get_running_loop()
        told = "real" if self.factor == 1 else f"scaled ×{self.factor:g}"
        return f"{told}, waits skipped" if isinstance(loop, ScaledLoop) and loop.skipped_s else told


REAL = Pace()


def skip_waits(client: ClientUnderTest, world: World) -> None:
    """From now on the running loop skips stretches in which the client only waits and no request is under way."""
    loop, in_flight = asyncio.get_running_loop(), InFlight()
    assert isinstance(loop, ScaledLoop)
    world.recorder.watchers.append(in_flight.hear)
    loop.jump_when_idle = lambda: bool(getattr(client, "is_only_waiting", False)) and not in_flight

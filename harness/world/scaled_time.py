"""A loop for programs in other processes whose world runs faster than the clock on the wall: real sockets, scaled time.

``loop.time()`` counts the world's seconds, of which ``factor`` pass in a real one. Everything that takes its time from the
loop (services, faults, the user, the recorder) lives on that clock and need not know. On request the loop also skips stretches
in which nobody does anything but wait.
"""

from __future__ import annotations

import asyncio
import selectors
import time
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")

STILL_S = 0.005
"""Real seconds without any news before a wait is skipped: who says that it waits may have a last word on its way."""


class ScaledLoop(asyncio.SelectorEventLoop):
    """An event loop whose time begins at 0 and runs ``factor`` times as fast as real time.

    Args:
        factor: The world's seconds in a real second; 1 or more.

    Attributes:
        skipped_s: The world's seconds that were skipped so far; no real time has passed for them.
        jump_when_idle: Asked before each wait; while it says yes and nothing arrives, time jumps to the next timer. None never
            jumps.
    """

    def __init__(self, factor: float = 1.0) -> None:
        self.factor = factor
        self.skipped_s = 0.0
        self.jump_when_idle: Callable[[], bool] | None = None
        self._began_s = time.monotonic()
        super().__init__(_Selector(self))

    def time(self) -> float:
        """The world's seconds since the loop was made."""
        return (time.monotonic() - self._began_s) * self.factor + self.skipped_s

    def skip_to(self, moment_s: float) -> None:
        """Let it be ``moment_s`` now, unless it is later already."""
        self.skipped_s += max(0.0, moment_s - self.time())


class _Selector(selectors.DefaultSelector):
    """Waits so much shorter as the world is faster."""

    def __init__(self, loop: ScaledLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        loop = self._loop
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        real_s = timeout / loop.factor
        if loop.jump_when_idle is None or not loop.jump_when_idle():
            return super().select(real_s)
        due_s = loop.time() + timeout
        news = super().select(min(STILL_S, real_s))
        if not news:
            loop.skip_to(due_s)
        return news


def run_in_scaled_time(main: Callable[[], Coroutine[Any, Any, T]], factor: float) -> T:
    """Run ``main()`` on a fresh scaled loop to its end.

    Raises:
        ValueError: The factor is less than 1.
    """
    if factor < 1:
        raise ValueError(f"the world's time can only be made to run faster than real time; {factor:g} is less than 1")
    with asyncio.Runner(loop_factory=lambda: ScaledLoop(factor)) as runner:
        return runner.run(main())


def at_least_real(seconds: float) -> float:
    """How long to wait on the running loop so that no less than ``seconds`` of real time pass.

    For housekeeping that is no part of the world: the grace before a kill, the patience with a program that hangs.
    """
    loop = asyncio.get_running_loop()
    return seconds * loop.factor if isinstance(loop, ScaledLoop) else seconds


def skipped_s() -> float:
    """The world's seconds that the running loop has skipped."""
    loop = asyncio.get_running_loop()
    return loop.skipped_s if isinstance(loop, ScaledLoop) else 0.0

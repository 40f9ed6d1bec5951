"""What happens when, without asyncio: a heap of moments and callbacks."""

from __future__ import annotations

import heapq
from collections.abc import Callable
from typing import Any

from harness.errors import WorldError

MAX_STEPS = 1_000_000


class Planned:
    """A callback with its moment; may be struck off."""

    __slots__ = ("args", "callback")

    def __init__(self, callback: Callable[..., object], args: tuple[Any, ...]) -> None:
        self.callback: Callable[..., object] | None = callback
        self.args = args

    def cancel(self) -> None:
        """It will not happen."""
        self.callback = None


class Agenda:
    """Virtual time for callbacks alone: what is due at one moment runs in the order in which it was planned.

    Attributes:
        now: Seconds since the beginning.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self._heap: list[tuple[float, int, Planned]] = []
        self._planned = 0

    def time(self) -> float:
        """Seconds since the beginning, as an event loop says it."""
        return self.now

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> Planned:
        """Plan a call, not before now."""
        planned = Planned(callback, args)
        self._planned += 1
        heapq.heappush(self._heap, (when, self._planned, planned))
        return planned

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Planned:
        """Plan a call after so many seconds."""
        return self.call_at(self.now + delay, callback, *args)

    def run_until(self, is_over: Callable[[float], bool]) -> None:
        """Let everything happen, moment by moment, until ``is_over`` says so of the next one's time.

        Raises:
            WorldError: There is no end to it.
        """
        heap, steps = self._heap, 0
        while heap:
            when, _, planned = heap[0]
            if planned.callback is None:
                heapq.heappop(heap)
                continue
            if is_over(when):
                return
            heapq.heappop(heap)
            if when > self.now:
                self.now = when
            planned.callback(*planned.args)
            steps += 1
            if steps > MAX_STEPS:
                raise WorldError(f"more than {MAX_STEPS} steps by {self.now:.6g} virtual s (a retry without a wait?)")

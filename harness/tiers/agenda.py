"""What happens when, without asyncio: a heap of moments and callbacks."""

from __future__ import annotations

import math
from collections.abc import Callable
from heapq import heappop, heappush
from typing import Any

from harness.errors import WorldError

MAX_STEPS = 1_000_000


class Planned(list[Any]):
    """A moment, its place among those planned for it, a callback (None once it is struck off) and its arguments."""

    __slots__ = ()

    def cancel(self) -> None:
        """It will not happen."""
        self[2] = None


class Agenda:
    """Virtual time for callbacks alone: what is due at one moment runs in the order in which it was planned.

    Attributes:
        now: Seconds since the beginning.
        until: Nothing later than this happens.
    """

    def __init__(self) -> None:
        self.now = 0.0
        self.until = math.inf
        self._heap: list[Planned] = []
        self._planned = 0

    def time(self) -> float:
        """Seconds since the beginning, as an event loop says it."""
        return self.now

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> Planned:
        """Plan a call, not before now."""
        self._planned += 1
        planned = Planned((when, self._planned, callback, args))
        heappush(self._heap, planned)
        return planned

    def call_later(self, delay: float, callback: Callable[..., object], *args: Any) -> Planned:
        """Plan a call after so many seconds."""
        return self.call_at(self.now + delay, callback, *args)

    def run(self) -> None:
        """Let everything happen, moment by moment, up to ``until``, which may move meanwhile.

        Raises:
            WorldError: There is no end to it.
        """
        heap, steps = self._heap, 0
        while heap:
            planned = heap[0]
            when, _, callback, args = planned
            if callback is not None and when > self.until:
                return
            heappop(heap)
            if callback is None:
                continue
            if when > self.now:
                self.now = when
            callback(*args)
            steps += 1
            if steps > MAX_STEPS:
                raise WorldError(f"more than {MAX_STEPS} steps by {self.now:.6g} virtual s (a retry without a wait?)")

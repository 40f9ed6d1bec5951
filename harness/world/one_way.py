"""One direction of a simulated connection: what is on its way, how long that takes, and how much may be unread.

Pieces arrive in the order in which they were sent, whole and never early. While a path is cut, they are sent again and
again, as TCP does, so a healed connection goes on only with the next repeat.
"""

from __future__ import annotations

import asyncio
import enum
import itertools
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import TypeAlias

DEFAULT_LATENCY_S = 0.0005
"""One way. A LAN's half millisecond: long enough that nothing arrives in the instant in which it was sent."""

DEFAULT_WINDOW_BYTES = 64 * 1024
"""What TCP can announce without window scaling (RFC 9293, 3.1). Linux begins at 64 KiB too, and then tunes it."""

REPEATS_S = tuple(itertools.accumulate(min(0.2 * 2**n, 120.0) for n in range(16)))
"""Seconds after a loss at which Linux sends again: 0.2 s, then twice as long each time up to 120 s (TCP_RTO_MIN, TCP_RTO_MAX).

The last one is not sent any more: it is when the connection is given up, 924.6 s (tcp_retries2 = 15).
"""


class Signal(enum.Enum):
    """What crosses a link beside bytes."""

    FIN = "fin"
    RST = "rst"
    OPEN = "open"  # the client's last word of the handshake: now the server can accept


Crossing: TypeAlias = bytes | Signal


@dataclass(frozen=True, slots=True)
class Link:
    """How any two ends of a network are joined; the same in both directions.

    Attributes:
        latency: Seconds that a byte, a FIN or a reset takes from one end to the other.
        jitter: Up to this many seconds more, drawn evenly for each piece; a piece never overtakes another.
        segment: Bytes that arrive at once at most; None: whatever was written at once.
        window: Bytes that may be on their way or unread at the receiver; more waits at the sender.
        loses_unread_on_reset: A reset discards what has arrived and was not read. Linux keeps it; BSD and Windows do not.
    """

    latency: float = DEFAULT_LATENCY_S
    jitter: float = 0.0
    segment: int | None = None
    window: int = DEFAULT_WINDOW_BYTES
    loses_unread_on_reset: bool = False


class OneWay:
    """From one end of a connection to the other.

    Args:
        loop: Arrivals are its timers.
        rng: For jitter alone.
        arrive: The receiver takes a piece.
        opened: The sender hears that the window has opened, once for each ``await_room``.
        given_up: The sender hears that nothing gets through for good.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        link: Link,
        rng: Random,
        *,
        arrive: Callable[[Crossing], None],
        opened: Callable[[], None],
        given_up: Callable[[], None],
    ) -> None:
        self._loop = loop
        self._link = link
        self._latency, self._jitter = link.latency, link.jitter
        self._rng = rng
        self._arrive = arrive
        self._opened = opened
        self._given_up = given_up
        self._room = link.window
        self._acks: deque[tuple[float, int]] = deque()  # when the sender will hear of it: bytes that were read
        self._awaited = False
        self._opening: asyncio.TimerHandle | None = None
        self._last_arrival = 0.0
        self._gets_there = self._comes_back = True
        self._lost: list[Crossing] = []  # sent while the path was cut, and all that was sent behind that
        self._lost_acks = 0
        self._lost_since: float | None = None
        self._recovery: asyncio.TimerHandle | None = None
        self._giving_up: asyncio.TimerHandle | None = None

    # -- sending -------------------------------------------------------------------------------------------------

    def room(self) -> int:
        """Bytes that may be sent now, as far as the sender can know."""
        now = self._loop.time()
        while self._acks and self._acks[0][0] <= now:
            self._room += self._acks.popleft()[1]
        return self._room

    def has_room(self, size: int) -> bool:
        return size <= self._room or size <= self.room()

    def send(self, piece: Crossing) -> None:
        """Bytes must be within :meth:`room`."""
        if isinstance(piece, bytes):
            self._room -= len(piece)
            segment = self._link.segment
            if segment is not None and len(piece) > segment:
                for start in range(0, len(piece), segment):
                    self._cross(piece[start : start + segment])
                return
        self._cross(piece)

    def await_room(self) -> None:
        """Call ``opened`` as soon as there is more room."""
        self._awaited = True
        self._watch_acks()

    def was_read(self, size: int) -> None:
        """The receiver has taken ``size`` bytes; the sender will hear of it one latency later."""
        if not self._comes_back or self._lost_acks:
            self._lost_acks += size
            self._lose_touch()
            return
        self._acks.append((self._loop.time() + self._latency, size))
        if self._awaited:
            self._watch_acks()

    def _watch_acks(self) -> None:
        if self._acks and self._opening is None:
            self._opening = self._loop.call_at(self._acks[0][0], self._open)

    def _open(self) -> None:
        self._opening, self._awaited = None, False
        self._opened()

    def _cross(self, piece: Crossing) -> None:
        if self._lost or not self._gets_there:
            self._get_lost(piece)
            return
        when = self._loop.time() + self._latency
        if self._jitter:
            when = self._last_arrival = max(self._last_arrival, when + self._rng.uniform(0.0, self._jitter))
        self._loop.call_at(when, self._arrive, piece)

    # -- when the path is cut ------------------------------------------------------------------------------------

    def set_path(self, *, gets_there: bool, comes_back: bool) -> None:
        """Whether anything gets to the receiver, and whether the sender can hear that it did."""
        self._gets_there, self._comes_back = gets_there, comes_back
        if self._recovery is None and gets_there and (self._lost or (self._lost_acks and comes_back)):
            assert self._lost_since is not None
            lost_for = self._loop.time() - self._lost_since
            wait = next((repeat for repeat in REPEATS_S[:-1] if repeat >= lost_for), None)
            if wait is not None:
                self._recovery = self._loop.call_at(self._lost_since + wait, self._recover)

    def abandon(self) -> None:
        """Nobody sends again what got lost."""
        self._lost.clear()

    def _get_lost(self, piece: Crossing) -> None:
        if piece is not Signal.RST:
            self._lost.append(piece)
            self._lose_touch()
            return
        self._lost.clear()  # nobody is left to send it again; and a reset is never repeated
        if self._gets_there:
            self._cross(piece)

    def _lose_touch(self) -> None:
        if self._lost_since is None:
            self._lost_since = self._loop.time()
            self._giving_up = self._loop.call_at(self._lost_since + REPEATS_S[-1], self._given_up)

    def _recover(self) -> None:
        self._recovery = None
        if self._gets_there:
            lost, self._lost = self._lost, []
            for piece in lost:
                self._cross(piece)
            if self._comes_back:
                self._recover_acks()
        if not (self._lost or self._lost_acks):
            self._lost_since = None
            if self._giving_up is not None:
                self._giving_up.cancel()

    def _recover_acks(self) -> None:
        """The repeat is what makes the receiver say again how much it has read: there and back."""
        if self._lost_acks:
            self._acks.append((self._loop.time() + 2 * self._latency, self._lost_acks))
            self._lost_acks = 0
            if self._awaited:
                self._watch_acks()

"""Performs what the logic asks for, on asyncio. The logic never knows which network carries it."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Protocol

from harness.client.effects import (
    AllEnded,
    Answered,
    Arrived,
    Ask,
    Broke,
    CancelAsked,
    Elapsed,
    Event,
    Keep,
    Kept,
    Logic,
    Moving,
    Pause,
    Report,
    Resume,
    Send,
    SendTogether,
)
from harness.client.shelf import Shelf

ELAPSED = Elapsed()


class Sender(Protocol):
    """Carries out a ``Send``; calls back with ``Moving`` on the way and returns ``Arrived`` or ``Broke``."""

    def __call__(self, send: Send, moving: Callable[[Moving], None], /) -> Awaitable[Event]: ...


class ClosableSender(Sender, Protocol):
    """One that keeps connections."""

    async def close(self) -> None:
        """Close every connection."""


class Sum:
    """How several requests move, as one: sent with the first of them, and then the bytes of all their replies together."""

    def __init__(self, tell: Callable[[Moving], object]) -> None:
        self._tell = tell
        self._sent = False
        self._received: dict[int, int] = {}

    def part(self, number: int) -> Callable[[Moving], None]:
        """Whom the request of this number tells how it moves."""
        return partial(self._moves, number)

    def _moves(self, number: int, moving: Moving) -> None:
        if moving.received:
            self._received[number] = moving.received
            self._tell(Moving(sum(self._received.values()), 0))
        elif not self._sent:
            self._sent = True
            self._tell(moving)


class Driver:
    """Drives one round at a time: effects out, events in, cancel and answers from the side."""

    def __init__(self, sender: Sender, shelf: Shelf, report: Callable[[Report], None]) -> None:
        self._sender = sender
        self._shelf = shelf
        self._report = report
        self._inbox: deque[Event] = deque()
        self._waiting: asyncio.Future[None] | None = None
        self._under_way: asyncio.Task[None] | None = None
        self._pause: asyncio.TimerHandle | None = None
        self._asking = False

    async def drive(self, logic: Logic) -> None:
        """Play a round to its end. Whatever is under way then is stopped."""
        self._inbox.clear()
        event: Event = None
        try:
            while True:
                effect = logic.send(event)
                match effect:
                    case Report():
                        self._report(effect)
                        event = None
                        continue
                    case Keep():
                        await asyncio.sleep(0)  # a device takes a while to store, and much can happen to it just then
                        event = Kept(self._shelf.apply(effect))
                        continue
                    case Send():
                        await self._stop()
                        self._under_way = asyncio.ensure_future(self._sending(effect))
                    case SendTogether(sends):
                        await self._stop()
                        self._under_way = asyncio.ensure_future(self._sending_together(sends))
                    case Pause(seconds):
                        await self._stop()
                        self._pause = asyncio.get_running_loop().call_later(seconds, self._hear, ELAPSED)
                    case Ask():
                        await self._stop()
                        self._asking = True
                    case Resume():
                        pass
                event = await self._next()
        except StopIteration:
            pass
        finally:
            logic.close()
            self._asking = False
            await self._stop()

    def cancel(self) -> None:
        """The user wants it stopped."""
        self._hear(CancelAsked())

    def answer(self, yes: bool) -> None:
        """The user's answer; ignored where nothing was asked."""
        if self._asking:
            self._asking = False
            self._hear(Answered(yes))

    def _hear(self, event: Event) -> None:
        self._inbox.append(event)
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(None)

    async def _next(self) -> Event:
        while not self._inbox:
            self._waiting = asyncio.get_running_loop().create_future()
            await self._waiting
        return self._inbox.popleft()

    async def _stop(self) -> None:
        """End what is under way, and forget what it may still have said."""
        if self._pause is not None:
            self._pause.cancel()
            self._pause = None
        task, self._under_way = self._under_way, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])

    async def _sending(self, send: Send) -> None:
        self._hear(await self._sender(send, self._hear))

    async def _sending_together(self, sends: Sequence[Send]) -> None:
        sum_ = Sum(self._hear)
        events = await asyncio.gather(*[self._sent(send, sum_.part(number)) for number, send in enumerate(sends)])
        self._hear(AllEnded(tuple(events)))

    async def _sent(self, send: Send, moving: Callable[[Moving], None]) -> Arrived | Broke:
        event = await self._sender(send, moving)
        assert isinstance(event, Arrived | Broke)
        return event

"""Performs what the logic asks for, on asyncio. The logic never knows which network carries it."""

from __future__ import annotations

import asyncio
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
    Effect,
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
        self._inbox: asyncio.Queue[Event] = asyncio.Queue()
        self._under_way: asyncio.Task[None] | None = None
        self._asking = False

    async def drive(self, logic: Logic) -> None:
        """Play a round to its end. Whatever is under way then is stopped."""
        self._inbox = asyncio.Queue()
        try:
            effect = next(logic)
            while True:
                effect = logic.send(await self._perform(effect))
        except StopIteration:
            pass
        finally:
            logic.close()
            self._asking = False
            await self._stop()

    def cancel(self) -> None:
        """The user wants it stopped."""
        self._inbox.put_nowait(CancelAsked())

    def answer(self, yes: bool) -> None:
        """The user's answer; ignored where nothing was asked."""
        if self._asking:
            self._asking = False
            self._inbox.put_nowait(Answered(yes))

    async def _perform(self, effect: Effect) -> Event:
        match effect:
            case Report():
                self._report(effect)
                return None
            case Keep():
                return Kept(self._shelf.apply(effect))
            case Send():
                await self._begin(self._sending(effect))
            case SendTogether(sends):
                await self._begin(self._sending_together(sends))
            case Pause(seconds):
                await self._begin(self._pausing(seconds))
            case Ask():
                await self._stop()
                self._asking = True
            case Resume():
                pass
        return await self._inbox.get()

    async def _begin(self, work: Awaitable[None]) -> None:
        await self._stop()
        self._under_way = asyncio.ensure_future(work)

    async def _stop(self) -> None:
        """End what is under way, and forget what it may still have said."""
        task, self._under_way = self._under_way, None
        if task is not None and not task.done():
            task.cancel()
            await asyncio.wait([task])

    async def _sending(self, send: Send) -> None:
        self._inbox.put_nowait(await self._sender(send, self._inbox.put_nowait))

    async def _sending_together(self, sends: Sequence[Send]) -> None:
        sum_ = Sum(self._inbox.put_nowait)
        events = await asyncio.gather(*[self._sent(send, sum_.part(number)) for number, send in enumerate(sends)])
        self._inbox.put_nowait(AllEnded(tuple(events)))

    async def _sent(self, send: Send, moving: Callable[[Moving], None]) -> Arrived | Broke:
        event = await self._sender(send, moving)
        assert isinstance(event, Arrived | Broke)
        return event

    async def _pausing(self, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._inbox.put_nowait(Elapsed())

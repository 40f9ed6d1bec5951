"""A reply that comes in pieces, played through byte faults as it comes: what ``Playback`` does for one that is there whole.

At no time is more of it held than the faults hold back.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Sequence

from fake_servers.engine.player import Course, Ending, Link, Step, Wire
from fake_servers.faults.base import Fin, Reset, Send, Silence, Wait


class StreamPlayback:
    """One reply on its way through.

    Args:
        fired: Told the position of each fault, once, when its first action that changes something is performed.
        ended: Told how it ended, once.
        drained: Returns once the client has taken most of what was sent.

    Attributes:
        sent_bytes: Handed to the connection so far.
        ending: How it ended, if it did: None while more may come.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        wire: Wire,
        links: Sequence[Link],
        *,
        fired: Callable[[int], None],
        ended: Callable[[Ending], None],
        drained: Callable[[], Awaitable[None]],
    ) -> None:
        self.sent_bytes = 0
        self.ending: Ending | None = None
        self._loop = loop
        self._wire = wire
        self._course = Course(links)
        self._fired = fired
        self._ended = ended
        self._drained = drained
        self._known: set[int] = set()
        self._unchanged = True
        self._held_back = bytearray()  # of the reply: taken, and not sent yet
        self._due_s = loop.time()

    @property
    def is_whole(self) -> bool:
        """Every byte that was taken went out, and none was changed."""
        return self._unchanged and not self._held_back

    async def some(self, data: bytes) -> None:
        """Play the reply's next bytes. Nothing happens once it has ended."""
        if self.ending is None:
            self._held_back += data
            await self._perform(self._course.some(data))

    async def last(self) -> None:
        """No more bytes will come."""
        await self._perform(self._course.last())
        self._end(Ending.PLAYED)

    def give_up(self) -> None:
        """The connection is gone, or has to go."""
        self._end(Ending.LOST)

    async def _perform(self, steps: Iterator[Step]) -> None:
        self._due_s = max(self._due_s, self._loop.time())  # pauses count from when there was something to hold up
        while self.ending is None and (step := next(steps, None)) is not None:
            for position in step.fires:
                self._fire(position)
            match step.action:
                case Send(data):
                    await self._send(data)
                case Wait(seconds):
                    self._due_s += seconds
                    await asyncio.sleep(self._due_s - self._loop.time())
                case Reset():
                    self._end(Ending.RESET, self._wire.reset)
                case Fin():
                    self._end(Ending.FIN, self._wire.fin)
                case Silence():
                    self._end(Ending.SILENCE, self._wire.fall_silent)

    async def _send(self, data: bytes) -> None:
        if not data:
            return
        if self._unchanged and self._held_back.startswith(data):
            del self._held_back[: len(data)]
        else:
            self._unchanged = False
            self._held_back.clear()
        self.sent_bytes += len(data)
        self._wire.send(data)
        await self._drained()

    def _fire(self, position: int) -> None:
        if position not in self._known:
            self._known.add(position)
            self._fired(position)

    def _end(self, ending: Ending, perform: Callable[[], None] | None = None) -> None:
        if self.ending is None:
            self.ending = ending
            if perform is not None:
                perform()
            self._ended(ending)

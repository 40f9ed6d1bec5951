"""Performs what byte faults answer: the one place where actions meet time and a connection.

A reply is one run of bytes. It is fed through the stream of each byte fault in script order, each stream taking what the one
before it lets through, and the actions that come out are performed one after the other. They are drawn only when their turn
comes, so a reply of megabytes in drops of one byte costs no memory.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from fake_servers.faults.base import END, Action, ByteStream, Fin, Reset, Send, Silence, Wait


class Wire(Protocol):
    """What a playback needs of a connection. ``fin`` and ``reset`` let everything arrive that was sent before."""

    def send(self, data: bytes) -> None: ...
    def fin(self) -> None: ...
    def reset(self) -> None: ...
    def fall_silent(self) -> None: ...


class Ending(StrEnum):
    """How a playback ended."""

    PLAYED = "played"  # to its last byte; the connection may go on
    RESET = "reset"
    FIN = "fin"
    SILENCE = "silence"
    LOST = "lost"  # the connection went away under it


@dataclass(frozen=True, slots=True)
class Link:
    """One byte fault at work on one reply; ``position`` is its place in the script."""

    position: int
    stream: ByteStream


@dataclass(frozen=True, slots=True)
class Step:
    """An action, and the faults of the script that change something by it."""

    action: Action
    fires: tuple[int, ...] = ()


def steps_of(data: bytes, links: Sequence[Link]) -> Iterator[Step]:
    """``data`` through every link in turn, lazily."""
    return Course(links).last(data)


class Course:
    """Links one after the other, for a reply that comes in pieces."""

    def __init__(self, links: Sequence[Link]) -> None:
        self._stages = [_Stage(link) for link in links]

    def some(self, data: bytes) -> Iterator[Step]:
        """What becomes of the reply's next bytes, lazily; more will come."""
        flow: Iterator[Step] = iter((Step(Send(data)),))
        for stage in self._stages:
            flow = stage.some(flow)
        return flow

    def last(self, data: bytes = b"") -> Iterator[Step]:
        """What becomes of the reply's last bytes, lazily."""
        flow: Iterator[Step] = iter((Step(Send(data)),))
        for stage in self._stages:
            flow = stage.last(flow)
        return flow


class _Stage:
    """A link at work on what the links before it let through."""

    def __init__(self, link: Link) -> None:
        self._stream = link.stream
        self._fires = (link.position,)
        self._owed: tuple[int, ...] = ()  # marks of earlier links, on bytes that this one has not let out yet

    def some(self, flow: Iterator[Step]) -> Iterator[Step]:
        for step in flow:
            if isinstance(step.action, Send) and step.action.data:
                self._owed += step.fires
                yield from self._answers(step.action.data)
            else:
                yield step

    def last(self, flow: Iterator[Step]) -> Iterator[Step]:
        yield from self.some(flow)
        yield from self._answers(END)

    def _answers(self, chunk: bytes) -> Iterator[Step]:
        """What the link makes of ``chunk``: each action marked if it does something else than to let ``chunk`` through.

        A first piece of ``chunk`` alone does not tell yet: a cut, a pause or another piece must follow. Where bytes were
        changed, a piece begins, so that the mark stands on the first changed byte.
        """
        passed = 0
        for action in self._stream.feed(chunk):
            if not isinstance(action, Send):
                changes = not isinstance(action, Wait) or action.seconds > 0
                yield Step(action, self._fires if changes else ())
                continue
            same = 0 if passed else _common_start(chunk, action.data)
            if same:
                yield self._let_out(action.data[:same])
            if same < len(action.data):
                yield self._let_out(action.data[same:], self._fires)
            passed += len(action.data)
        if passed < len(chunk):  # held back, and perhaps for ever
            yield Step(Send(b""), self._fires)

    def _let_out(self, data: bytes, fires: tuple[int, ...] = ()) -> Step:
        owed, self._owed = self._owed, ()
        return Step(Send(data), (*owed, *fires))


def _common_start(one: bytes, other: bytes) -> int:
    """How many bytes both begin with, found by halving: the bytes may be millions."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


class Playback:
    """One reply on its way out.

    Args:
        fired: Told the position of each fault, once, when its first action that changes something is performed.
        ended: Told how it ended, once, after the last action was performed.

    Attributes:
        sent_bytes: Handed to the connection so far.
    """

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        wire: Wire,
        data: bytes,
        links: Sequence[Link],
        *,
        fired: Callable[[int], None],
        ended: Callable[[Ending], None],
    ) -> None:
        self.sent_bytes = 0
        self._loop = loop
        self._wire = wire
        self._data = data
        self._steps = steps_of(data, links)
        self._fired = fired
        self._ended = ended
        self._known: set[int] = set()
        self._unchanged = True
        self._ending: Ending | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._due_s = loop.time()

    @property
    def is_whole(self) -> bool:
        """Every byte of the reply went out, and none was changed."""
        return self._unchanged and self.sent_bytes == len(self._data)

    def play(self) -> None:
        """Perform actions until one has to be waited for, or the last one is done."""
        for step in self._steps:
            for position in step.fires:
                self._fire(position)
            match step.action:
                case Send(data):
                    self._send(data)
                case Wait(seconds):
                    # Counted from when the last pause was due, so that lateness never adds up over a drip.
                    self._due_s += seconds
                    self._timer = self._loop.call_at(self._due_s, self.play)
                    return
                case Reset():
                    return self._end(Ending.RESET, self._wire.reset)
                case Fin():
                    return self._end(Ending.FIN, self._wire.fin)
                case Silence():
                    return self._end(Ending.SILENCE, self._wire.fall_silent)
        return self._end(Ending.PLAYED)

    def give_up(self) -> None:
        """The connection is gone, or has to go."""
        if self._timer is not None:
            self._timer.cancel()
        self._end(Ending.LOST)

    def _send(self, data: bytes) -> None:
        if data:
            self._unchanged = self._unchanged and self._data.startswith(data, self.sent_bytes)
            self.sent_bytes += len(data)
            self._wire.send(data)

    def _fire(self, position: int) -> None:
        if position not in self._known:
            self._known.add(position)
            self._fired(position)

    def _end(self, ending: Ending, perform: Callable[[], None] | None = None) -> None:
        if self._ending is None:
            self._ending = ending
            if perform is not None:
                perform()
            self._ended(ending)

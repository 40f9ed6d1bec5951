"""The player: actions are performed in order and in time, and a fault fires when it first changes something."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from fake_servers.engine.player import Ending, Link, Playback, steps_of
from fake_servers.faults.base import END, Action, Fin, Reset, Send, Silence, Wait
from fake_servers.faults.bytes.prefix import Prefix
from harness.world.virtual_run import run_in_virtual_time

DATA = b"abcdef"


@dataclass
class Scripted:
    """A stream with a canned answer to each chunk, and to the end."""

    on_data: list[Action]
    at_end: list[Action] = field(default_factory=list)

    def feed(self, chunk: bytes) -> Iterator[Action]:
        yield from self.at_end if chunk == END else self.on_data


class Doubling:
    """Says everything twice."""

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if chunk:
            yield Send(chunk + chunk)


@dataclass
class Shouting:
    """Writes everything from the byte ``start`` on in capitals, in whatever pieces it comes."""

    start: int
    position: int = 0

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if chunk:
            calm = max(0, min(len(chunk), self.start - self.position))
            self.position += len(chunk)
            yield Send(chunk[:calm] + chunk[calm:].upper())


class Endless:
    """Would never come to an end by itself."""

    def feed(self, chunk: bytes) -> Iterator[Action]:
        while chunk:
            yield Wait(1.0)


@dataclass
class TapedWire:
    """Writes down what is done to it, and when."""

    loop: asyncio.AbstractEventLoop
    tape: list[tuple[float, str | bytes]] = field(default_factory=list)

    def send(self, data: bytes) -> None:
        self.tape.append((self.loop.time(), data))

    def fin(self) -> None:
        self.tape.append((self.loop.time(), "fin"))

    def reset(self) -> None:
        self.tape.append((self.loop.time(), "reset"))

    def fall_silent(self) -> None:
        self.tape.append((self.loop.time(), "silence"))


@dataclass
class Played:
    tape: list[tuple[float, str | bytes]]
    fired: list[tuple[float, int]]
    ending: Ending
    playback: Playback


def play(*streams: object, give_up_after_s: float | None = None) -> Played:
    async def main() -> Played:
        loop = asyncio.get_running_loop()
        wire, fired, over = TapedWire(loop), [], loop.create_future()
        playback = Playback(
            loop,
            wire,
            DATA,
            [Link(position, stream) for position, stream in enumerate(streams)],  # type: ignore[arg-type]  # each has feed()
            fired=lambda position: fired.append((loop.time(), position)),
            ended=over.set_result,
        )
        playback.play()
        if give_up_after_s is not None:
            loop.call_later(give_up_after_s, playback.give_up)
        ending = await over
        await asyncio.sleep(60)  # virtual: nothing may happen after the end
        return Played(wire.tape, fired, ending, playback)

    return run_in_virtual_time(main)


def test_pauses_are_counted_from_when_the_last_one_was_due() -> None:
    played = play(Scripted([Send(b"ab"), Wait(0.1), Send(b"cd"), Wait(0.25), Send(b"ef")]))
    assert played.tape == [(0.0, b"ab"), (0.1, b"cd"), (0.35, b"ef")]
    assert played.ending is Ending.PLAYED
    assert played.playback.is_whole


@pytest.mark.parametrize(
    ("action", "done", "ending"),
    [(Reset(), "reset", Ending.RESET), (Fin(), "fin", Ending.FIN), (Silence(), "silence", Ending.SILENCE)],
)
def test_nothing_follows_an_end(action: Action, done: str, ending: Ending) -> None:
    played = play(Scripted([Send(b"abc"), action, Send(b"def")], at_end=[Send(b"!")]))
    assert played.tape == [(0.0, b"abc"), (0.0, done)]
    assert played.ending is ending
    assert not played.playback.is_whole
    assert played.playback.sent_bytes == 3


def sent(played: Played) -> bytes:
    return b"".join(data for _, data in played.tape if isinstance(data, bytes))


def test_each_stream_takes_what_the_one_before_lets_through() -> None:
    played = play(Doubling(), Prefix(9, Fin()), Shouting(4))
    assert sent(played) == b"abcdEFABC"
    assert played.tape[-1] == (0.0, "fin")


def test_an_end_of_an_earlier_stream_is_not_undone_by_a_later_one() -> None:
    played = play(Prefix(2, Reset()), Doubling())
    assert sent(played) == b"abab"
    assert played.tape[-1] == (0.0, "reset")


@pytest.mark.parametrize(
    ("on_data", "at_end"),
    [
        ([Send(DATA)], []),
        ([Send(DATA), Wait(0.0)], []),
        ([Send(b""), Send(DATA)], []),
    ],
)
def test_a_stream_that_lets_everything_through_fires_nothing(on_data: list[Action], at_end: list[Action]) -> None:
    played = play(Scripted(on_data, at_end))
    assert played.fired == []
    assert played.playback.is_whole


@pytest.mark.parametrize(
    ("on_data", "at_end", "at_s"),
    [
        ([Wait(3.0), Send(DATA)], [], 0.0),  # a pause fires when it begins
        ([Send(b"abc"), Wait(1.0), Reset()], [], 0.0),
        ([Send(b"abcdeX")], [], 0.0),  # other bytes
        ([Send(b"abc"), Send(b"def")], [], 0.0),  # other pieces
        ([Send(b"abc")], [], 0.0),  # bytes held back
        ([], [Send(DATA)], 0.0),
        ([Send(DATA)], [Fin()], 0.0),
        ([Send(DATA)], [Send(b"more")], 0.0),
    ],
)
def test_a_stream_that_changes_something_fires_once(on_data: list[Action], at_end: list[Action], at_s: float) -> None:
    played = play(Scripted(on_data, at_end))
    assert played.fired == [(at_s, 0)]


def test_a_fault_fires_when_its_change_is_performed_and_not_before() -> None:
    played = play(Scripted([Wait(5.0), Send(DATA)]), Shouting(2))
    assert played.fired == [(0.0, 0), (5.0, 1)]


def test_a_reset_that_is_never_reached_does_not_fire() -> None:
    played = play(Prefix(2, Fin()), Prefix(3, Reset()))
    assert [position for _, position in played.fired] == [0]
    assert played.tape[-1] == (0.0, "fin")


@pytest.mark.parametrize(("cut_after", "fired"), [(0, [1]), (4, [1]), (5, [0, 1]), (6, [0, 1]), (7, [0])])
def test_a_changed_byte_that_a_later_cut_kept_back_does_not_fire(cut_after: int, fired: list[int]) -> None:
    played = play(Shouting(4), Prefix(cut_after, Reset()))
    assert [position for _, position in played.fired] == fired


def test_a_changed_byte_that_a_later_stream_holds_fires_when_it_is_let_go() -> None:
    class Holding:
        def __init__(self) -> None:
            self.held = b""

        def feed(self, chunk: bytes) -> Iterator[Action]:
            self.held += chunk
            if not chunk:
                yield Wait(2.0)
                yield Send(self.held)

    assert play(Shouting(4), Holding()).fired == [(0.0, 1), (2.0, 0)]


def test_giving_up_ends_a_pause_and_says_how_far_it_came() -> None:
    played = play(Scripted([Send(b"ab"), Wait(30.0), Send(b"cdef")]), give_up_after_s=2.0)
    assert played.ending is Ending.LOST
    assert played.tape == [(0.0, b"ab")]
    assert not played.playback.is_whole


def test_actions_are_drawn_only_when_their_turn_comes() -> None:
    flow = steps_of(DATA, [Link(0, Endless())])
    assert [next(flow).action for _ in range(3)] == [Wait(1.0)] * 3

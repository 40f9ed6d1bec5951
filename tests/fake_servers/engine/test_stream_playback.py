"""A reply in pieces meets a fault as one that is there whole: the same bytes, the same end, the same moments."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from fake_servers.engine.player import Ending, Link, Playback
from fake_servers.engine.stream_playback import StreamPlayback
from fake_servers.faults.base import FAULTS, ByteFault, Layer
from harness.world.virtual_run import run_in_virtual_time
from tests.fake_servers.faults.examples import HOUSE

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 200\r\n\r\n"
ON_BYTES = [
    fault.model_validate(example)
    for name in sorted(HOUSE)
    if (fault := FAULTS[name]).layer is Layer.BYTES
    for example in fault.examples
]


@dataclass
class Played:
    """A wire that remembers, and what was told."""

    data: bytearray = field(default_factory=bytearray)
    ends: list[str] = field(default_factory=list)
    fired: list[int] = field(default_factory=list)
    endings: list[Ending] = field(default_factory=list)
    is_whole: bool = False
    took_s: float = 0.0

    def send(self, data: bytes) -> None:
        self.data += data

    def fin(self) -> None:
        self.ends.append("fin")

    def reset(self) -> None:
        self.ends.append("reset")

    def fall_silent(self) -> None:
        self.ends.append("silence")


def links(faults: list[ByteFault]) -> list[Link]:
    return [Link(position, fault.stream(Random(position))) for position, fault in enumerate(faults)]


async def whole(data: bytes, faults: list[ByteFault]) -> Played:
    loop = asyncio.get_running_loop()
    played, began_s, over = Played(), loop.time(), loop.create_future()

    def ended(ending: Ending) -> None:
        played.endings.append(ending)
        over.set_result(None)

    playback = Playback(loop, played, data, links(faults), fired=played.fired.append, ended=ended)
    playback.play()
    await over
    played.is_whole, played.took_s = playback.is_whole, loop.time() - began_s
    return played


async def in_pieces(data: bytes, faults: list[ByteFault], cuts: list[int]) -> Played:
    loop = asyncio.get_running_loop()
    played, began_s = Played(), loop.time()

    async def drained() -> None:
        """At once."""

    playback = StreamPlayback(
        loop, played, links(faults), fired=played.fired.append, ended=played.endings.append, drained=drained
    )
    edges = [0, *sorted(min(cut, len(data)) for cut in cuts), len(data)]
    for start, end in zip(edges, edges[1:], strict=False):  # noqa: RUF007  # pieces may be empty
        await playback.some(data[start:end])
    await playback.last()
    played.is_whole, played.took_s = playback.is_whole, loop.time() - began_s
    return played


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.sampled_from(ON_BYTES), min_size=0, max_size=2),
    st.binary(min_size=0, max_size=400),
    st.lists(st.integers(0, 450), max_size=6),
)
def test_pieces_meet_a_fault_as_a_whole_reply_does(faults: list[ByteFault], body: bytes, cuts: list[int]) -> None:
    async def main() -> tuple[Played, Played]:
        return await whole(HEAD + body, faults), await in_pieces(HEAD + body, faults, cuts)

    one, other = run_in_virtual_time(main)
    assert bytes(other.data) == bytes(one.data)
    assert (other.ends, other.endings, sorted(other.fired)) == (one.ends, one.endings, sorted(one.fired))
    assert abs(other.took_s - one.took_s) < 1e-6
    if one.endings == [Ending.PLAYED]:
        assert other.is_whole is one.is_whole


def test_nothing_more_is_sent_after_the_end() -> None:
    async def main() -> Played:
        fault = FAULTS["reset_after"].model_validate({"after_bytes": "3 bytes"})
        assert isinstance(fault, ByteFault)
        return await in_pieces(b"abcdef", [fault], [1, 2, 4, 5])

    played = run_in_virtual_time(main)
    assert (bytes(played.data), played.ends, played.endings) == (b"abc", ["reset"], [Ending.RESET])

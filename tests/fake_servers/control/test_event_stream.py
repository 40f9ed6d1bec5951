"""The log as server-sent events: live, resumed, with heartbeats, and at no cost for slow readers."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from fake_servers.control import event_stream
from fake_servers.control.all_day import AllDay
from fake_servers.journal import ListenerChanged
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import PATIENCE_S, Peer, connected, until


@dataclass(slots=True)
class Heard:
    """One block of a stream."""

    name: str = "message"
    id: str = ""
    data: Any = None
    comments: list[str] = field(default_factory=list)


class Reader:
    """Reads a stream as the standard says."""

    def __init__(self, peer: Peer) -> None:
        self._peer = peer
        self._text = ""

    async def next(self) -> Heard:
        """The next block that says something."""
        while True:
            while "\n\n" not in self._text:
                async with asyncio.timeout(PATIENCE_S):
                    size = int(await self._peer.reader.readuntil(b"\r\n"), 16)
                    self._text += (await self._peer.reader.readexactly(size + 2))[:-2].decode()
            block, _, self._text = self._text.partition("\n\n")
            if not block.startswith("retry:"):
                return _parsed(block)

    async def kinds(self, number: int) -> list[str]:
        return [(await self.next()).data["event"]["kind"] for _ in range(number)]


def _parsed(block: str) -> Heard:
    heard = Heard()
    for line in block.split("\n"):
        key, _, value = line.partition(": ")
        if key == "event":
            heard.name = value
        elif key == "id":
            heard.id = value
        elif key == "data":
            heard.data = json.loads(value)
        else:
            heard.comments.append(value)
    return heard


@asynccontextmanager
async def following(day: AllDay, query: str = "", last_id: str = "") -> AsyncIterator[Reader]:
    async with connected(day.control_url) as peer:
        more = f"Last-Event-ID: {last_id}\r\n" if last_id else ""
        before = day.log.readers
        peer.writer.write(f"GET /v1/events{query} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode())
        head = await peer.reader.readuntil(b"\r\n\r\n")
        assert b"200 OK" in head, head
        assert b"text/event-stream" in head
        await until(lambda: day.log.readers > before)
        yield Reader(peer)


async def tell(day: AllDay, times: int, session: str = "default") -> None:
    """Let a session tell something."""
    for _ in range(times):
        day.roster.all()[day.roster.names().index(session)].session.ledger.listener_changed("license", listening=True)


def test_each_event_is_told_as_it_happens() -> None:
    async def main() -> None:
        async with day_with() as (day, caller), following(day) as reader:
            await caller.license()
            assert await reader.kinds(4) == ["connection_opened", "request_received", "truth_changed", "reply_sent"]

    asyncio.run(main())


def test_a_reader_resumes_where_it_left_off_and_misses_nothing() -> None:
    async def main() -> None:
        async with day_with() as (day, _):
            async with following(day) as reader:
                await tell(day, 3)
                seen = [await reader.next() for _ in range(3)]
            await tell(day, 2)
            async with following(day, last_id=seen[1].id) as reader:
                assert [(await reader.next()).data["number"] for _ in range(3)] == [3, 4, 5]

    asyncio.run(main())


def test_what_left_the_log_meanwhile_is_told_as_a_gap() -> None:
    async def main() -> None:
        async with day_with(log_limit=3) as (day, _):
            async with following(day) as reader:
                await tell(day, 1)
                first = await reader.next()
            await tell(day, 10)
            async with following(day, last_id=first.id) as reader:
                gap = await reader.next()
                assert (gap.name, gap.data) == ("gap", {"after": 1, "resumes_at": 9})
                assert [(await reader.next()).data["number"] for _ in range(3)] == [9, 10, 11]

    asyncio.run(main())


@pytest.mark.parametrize("last_id", ["0.99", "x", "1", "-.-", "1" * 200])
def test_an_id_of_another_day_brings_all_that_is_held(last_id: str) -> None:
    async def main() -> None:
        async with day_with() as (day, _):
            await tell(day, 2)
            async with following(day, last_id=last_id) as reader:
                assert [(await reader.next()).data["number"] for _ in range(2)] == [1, 2]

    asyncio.run(main())


def test_events_of_one_session_only_can_be_followed_also_when_it_is_closed() -> None:
    async def main() -> None:
        async with day_with() as (day, caller):
            await caller.said("POST", "/v1/sessions", 201, json={"name": "phone"})
            async with following(day, "?session=phone") as reader:
                await tell(day, 5, "default")
                await tell(day, 1, "phone")
                await caller.said("DELETE", "/v1/sessions/phone", 204)
                assert (await reader.next()).data["session"] == "phone"

    asyncio.run(main())


def test_a_quiet_stream_says_that_it_is_still_there() -> None:
    async def main() -> None:
        async with day_with(heartbeat_s=0.02) as (day, _), following(day) as reader:
            assert (await reader.next()).comments == ["still here"]
            await tell(day, 1)
            heard = await reader.next()
            while heard.comments:
                heard = await reader.next()
            assert heard.data["number"] == 1

    asyncio.run(main())


def test_a_reader_that_takes_nothing_is_let_go_and_costs_no_memory() -> None:
    async def main() -> None:
        async with day_with(stuck_s=0.1, log_limit=10_000) as (day, _), connected(day.control_url) as peer:
            peer.reader._transport.pause_reading()  # type: ignore[attr-defined]  # the only way not to read
            peer.writer.write(b"GET /v1/events HTTP/1.1\r\nHost: localhost\r\n\r\n")
            await until(lambda: day.log.readers == 1)
            ring = day.roster.all()[0].ring
            long = ListenerChanged(service="x" * 1000, listening=True)
            while day.log.readers:  # more than all buffers between here and there can hold
                for _ in range(500):
                    day.log.add(ring, "default", 1, 0.0, long)
                await asyncio.sleep(0.001)
            assert len(ring.entries) <= 10_000

    asyncio.run(main())


def test_readers_beyond_the_most_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_stream, "MOST_READERS", 1)

    async def main() -> None:
        async with day_with() as (day, caller):
            async with following(day):
                await caller.refused("GET", "/v1/events", 409, "too-many")
            await until(lambda: day.log.readers == 0)
            async with following(day):
                pass

    asyncio.run(main())


def test_a_stream_ends_when_the_service_does() -> None:
    async def main() -> None:
        async with day_with() as (day, caller), following(day) as reader:
            await caller.license()
            stopping = asyncio.create_task(day.stop(1.0))
            heard = [await reader.next() for _ in range(6)]
            assert heard[4].data["event"]["kind"] == "connection_closed"
            assert heard[5].name == "end"
            await stopping

    asyncio.run(main())

"""Orders drawn from a seed: races come out, promises hold."""

from __future__ import annotations

import asyncio
from random import Random
from typing import Any

import aiohttp
from aiohttp import web

from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.peers import network
from tests.harness.world.recorded_run import record


async def two_writers_race() -> int:
    """Reads, yields, writes: correct only if nobody comes in between, which asyncio's own order happens to ensure."""
    account = {"balance": 0}
    read = asyncio.Event()

    async def read_then_tell() -> None:
        await asyncio.sleep(1)
        account["balance"] += 1
        read.set()

    async def expect_it() -> int:
        await asyncio.sleep(1)
        return account["balance"]

    _, seen = await asyncio.gather(read_then_tell(), expect_it())
    return seen


def test_asyncios_own_order_hides_the_race_and_some_seed_shows_it() -> None:
    assert run_in_virtual_time(two_writers_race) == 1
    assert {run_in_virtual_time(two_writers_race, interleave=Random(seed)) for seed in range(10)} == {0, 1}


def test_the_same_seed_gives_the_same_order() -> None:
    first = run_in_virtual_time(record, interleave=Random(3))
    assert run_in_virtual_time(record, interleave=Random(3)) == first
    assert run_in_virtual_time(record) != first


class Row:
    """An object that is promised to be called in order."""

    def __init__(self, name: str, log: list[tuple[str, int]]) -> None:
        self.name, self.log = name, log

    def call(self, number: int) -> None:
        self.log.append((self.name, number))


async def three_rows() -> list[tuple[str, int]]:
    loop, log = asyncio.get_running_loop(), list[tuple[str, int]]()
    rows = Row("a", log), Row("b", log)
    for number in range(5):
        for row in rows:
            loop.call_soon(row.call, number)
        loop.call_soon(lambda number=number: log.append(("nobody", number)))  # type: ignore[misc] # lambda default
    await asyncio.sleep(1)
    return log


def test_each_owners_calls_stay_in_their_order() -> None:
    plain = run_in_virtual_time(three_rows)
    logs = [run_in_virtual_time(three_rows, interleave=Random(seed)) for seed in range(20)]
    assert any(log != plain for log in logs)
    for log in logs:
        for name in ("a", "b", "nobody"):
            assert [number for owner, number in log if owner == name] == [0, 1, 2, 3, 4]


def test_aiohttp_works_in_every_order() -> None:
    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async def main() -> list[int]:
        app = web.Application()
        app.router.add_post("/", answer)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()

        async def ask(session: aiohttp.ClientSession, number: int) -> int:
            async with session.post(f"http://127.0.0.1:{site.port}/", data=bytes(number * 10_000)) as response:
                return len(await response.read())

        connector = aiohttp.TCPConnector(socket_factory=network().socket_factory, limit=3)
        async with aiohttp.ClientSession(connector=connector) as session:
            sizes = await asyncio.gather(*(ask(session, number) for number in range(12)))
        await runner.cleanup()
        return list(sizes)

    answers: list[Any] = [run_in_virtual_time(main, interleave=Random(seed)) for seed in range(10)]
    assert answers == [[number * 10_000 for number in range(12)]] * 10

"""A program with some of everything, and the log of all that it sends: must be the same in every process.

Run as ``python -m tests.harness.world.recorded_run`` it prints the log's digest and a summary.
"""

from __future__ import annotations

import asyncio
import hashlib
import random
from typing import Any, cast

import aiohttp
from aiohttp import web

from harness.world.bindings import bind_to_world
from harness.world.simulated_network import SimulatedNetwork
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time

EPOCH = 1_900_000_000.0


async def unreliable(request: web.Request) -> web.StreamResponse:
    """Waits, resets or drips, as the global dice say."""
    await asyncio.sleep(random.uniform(0, 2))
    fate = random.choice(["answer", "reset", "drip", "close"])
    response = web.StreamResponse()
    response.content_length = 50
    await response.prepare(request)
    for number in range(50 if fate != "close" else 20):
        await response.write(bytes([number]))
        if fate == "drip":
            await asyncio.sleep(0.1)
    if fate == "reset":
        cast("Any", request.transport).reset()
    if fate == "close":
        cast("Any", request.transport).close()
    return response


async def client(network: SimulatedNetwork, url: str, number: int, log: list[str]) -> None:
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(socket_factory=network.socket_factory, limit=2)) as session:
        for attempt in range(3):
            try:
                async with session.post(url, json={"client": number, "attempt": attempt}) as response:
                    await response.read()
                    outcome = "succeeded"
            except aiohttp.ClientError as exc:
                outcome = type(exc).__name__
            log.append(f"{asyncio.get_running_loop().time()!r} client {number}: {outcome}")
            await asyncio.sleep(random.uniform(0, 2**attempt))


async def record() -> list[str]:
    loop = cast("VirtualLoop", asyncio.get_running_loop())
    network, log = loop.network, list[str]()
    network.tap = lambda at, sender, receiver, piece: log.append(f"{at!r} {sender[1]} {receiver[1]} {piece!r}")
    with bind_to_world(loop, EPOCH, random.Random(7)):
        app = web.Application()
        app.router.add_post("/", unreliable)
        runner = web.AppRunner(app, access_log=None, handle_signals=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        network.names["license.test"] = "127.0.0.1"
        try:
            async with asyncio.timeout(4), asyncio.TaskGroup() as group:
                for number in range(8):
                    group.create_task(client(network, f"http://license.test:{site.port}/", number, log))
        except TimeoutError:
            log.append("the rest was cancelled in the middle of it")
        await runner.cleanup()
        await asyncio.sleep(1)
    return log


if __name__ == "__main__":
    lines = run_in_virtual_time(record)
    print(hashlib.sha256("\n".join(lines).encode()).hexdigest(), len(lines))

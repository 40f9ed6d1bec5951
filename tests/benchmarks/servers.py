"""The servers that are compared, each in a process of its own: ours, a bare aiohttp server, and pytest-httpserver."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random

from aiohttp import web
from pytest_httpserver import HTTPServer

from fake_servers.content_keys import key_id_text
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.host import FakeServices
from fake_servers.journal import Event

GIVEN = Given()
REQUEST = f'{{"kids":["{key_id_text(GIVEN.content)}"],"type":"temporary"}}'.encode()
REPLY = b'{"keys":[{"kty":"oct","kid":"p-YcNz4hkDPCEJH6YHvzuA","k":"dqbGXF6nYgRr10mi5jLMuw"}],"type":"temporary"}'


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up: where to send ``REQUEST``."""

    host: str
    port: int
    path: str


def serve_ours(ready: Connection, delay_s: float | None = None) -> None:
    """One session with a fault script and the log on; the script delays every license reply, or waits for the 10^9th."""

    async def main() -> None:
        log: list[Event] = []
        when = {"exchange": "license"} if delay_s else {"exchange": "license", "nth": 1_000_000_000}
        rule = Rule.model_validate({"when": when, "fault": "delay", "delay": f"{(delay_s or 1) * 1000:g} ms"})
        async with FakeServices(rng=Random(0)) as services:
            session = await services.open_session(
                dialect="clearkey", script=FaultScript((rule,)), given=GIVEN, journal=log.append
            )
            session.begin()
            ready.send(Running("127.0.0.1", session.ports["license"], "/license"))
            await asyncio.get_running_loop().run_in_executor(None, ready.recv)

    asyncio.run(main())


def serve_bare(ready: Connection) -> None:
    """The least that aiohttp can do: read the body, answer with fixed bytes."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=REPLY, content_type="application/json")

    async def main() -> None:
        app = web.Application()
        app.router.add_post("/license", answer)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        ready.send(Running("127.0.0.1", runner.addresses[0][1], "/license"))
        await asyncio.get_running_loop().run_in_executor(None, ready.recv)
        await runner.cleanup()

    asyncio.run(main())


def serve_pytest_httpserver(ready: Connection) -> None:
    """pytest-httpserver with one permanent handler, its request lines silenced."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        server.expect_request("/license", method="POST").respond_with_data(REPLY, content_type="application/json")
        ready.send(Running("127.0.0.1", server.port, "/license"))
        ready.recv()


@contextmanager
def running(serve: Callable[..., None], *args: object) -> Iterator[Running]:
    """Bring a server up in a process of its own, and down again."""
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, *args))
    process.start()
    try:
        if not ours.poll(30):
            raise RuntimeError(f"{serve.__name__} did not come up within 30 s")
        yield ours.recv()
    finally:
        ours.send("stop")
        process.join(10)
        if process.is_alive():
            process.kill()
            process.join()

"""The servers that are compared, each in a process of its own: ours, two of bare aiohttp, and pytest-httpserver."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import os
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from random import Random

from aiohttp import web
from pytest_httpserver import HTTPServer

from fake_servers.content_keys import base64url, content_key, key_id_text
from fake_servers.engine.host import FakeServices
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.journal import Event

UP_S, DOWN_S = 30.0, 5.0

LOG_EVENTS = 10_000
"""The log is bounded, as that of any server that is up all day."""

GIVEN = Given()
KID, KEY = key_id_text(GIVEN.content), base64url(content_key(GIVEN.content))
REQUEST = f'{{"kids":["{KID}"],"type":"temporary"}}'.encode()
REPLY = f'{{"keys":[{{"kty":"oct","kid":"{KID}","k":"{KEY}"}}],"type":"temporary"}}'.encode()


@dataclass(frozen=True, slots=True)
class Running:
    """A server that is up: where to send ``REQUEST``, and whose processor time it takes."""

    port: int
    pid: int
    host: str = "127.0.0.1"
    path: str = "/license"


def serve_ours(ready: Connection, delay_s: float | None = None) -> None:
    """One session with a fault script and the log on; the script delays every license reply, or waits for the 10^9th."""

    async def main() -> None:
        log: deque[Event] = deque(maxlen=LOG_EVENTS)
        when = {"exchange": "license"} if delay_s else {"exchange": "license", "nth": 1_000_000_000}
        rule = Rule.model_validate({"when": when, "fault": "delay", "delay": f"{(delay_s or 1) * 1000:g} ms"})
        async with FakeServices(rng=Random(0)) as services:
            session = await services.open_session(
                dialect="clearkey", script=FaultScript((rule,)), given=GIVEN, journal=log.append
            )
            session.begin()
            await _until_stopped(ready, session.ports["license"])

    asyncio.run(main())


def serve_fixed(ready: Connection) -> None:
    """The least that aiohttp can do: read the body, answer with fixed bytes."""

    async def answer(request: web.Request) -> web.Response:
        await request.read()
        return web.Response(body=REPLY, content_type="application/json")

    asyncio.run(_serve_aiohttp(ready, answer))


def serve_by_hand(ready: Connection) -> None:
    """What a test's author would write on aiohttp: read the JSON, look the keys up, build the JWK set. No script, no log."""
    keys = {KID: KEY}

    async def answer(request: web.Request) -> web.Response:
        asked = await request.json()
        found = [{"kty": "oct", "kid": kid, "k": keys[kid]} for kid in asked["kids"] if kid in keys]
        return web.json_response({"keys": found, "type": asked.get("type", "temporary")}, status=200 if found else 403)

    asyncio.run(_serve_aiohttp(ready, answer))


def serve_pytest_httpserver(ready: Connection) -> None:
    """pytest-httpserver with one permanent handler, its request lines silenced."""
    logging.getLogger("werkzeug").disabled = True
    with HTTPServer(host="127.0.0.1", port=0, threaded=True) as server:
        server.expect_request("/license", method="POST").respond_with_data(REPLY, content_type="application/json")
        ready.send(Running(server.port, os.getpid()))
        ready.poll(None)  # until the other end of the pipe is closed


@contextmanager
def running(serve: Callable[..., None], *args: object) -> Iterator[Running]:
    """Bring a server up in a process of its own, and down again.

    Raises:
        RuntimeError: It does not come up within ``UP_S``.
    """
    ours, theirs = multiprocessing.Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, *args), daemon=True)
    process.start()
    theirs.close()
    try:
        if not ours.poll(UP_S):
            raise RuntimeError(f"{serve.__name__} did not come up within {UP_S:g} s")
        yield ours.recv()
    finally:
        ours.close()  # which stops the server
        process.join(DOWN_S)
        if process.is_alive():
            process.kill()
            process.join()


async def _serve_aiohttp(ready: Connection, answer: Callable[[web.Request], Awaitable[web.Response]]) -> None:
    app = web.Application()
    app.router.add_post("/license", answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    await _until_stopped(ready, runner.addresses[0][1])
    await runner.cleanup()


async def _until_stopped(ready: Connection, port: int) -> None:
    """Say that the server is up, and wait until the other end of the pipe is closed."""
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_reader(ready.fileno(), stopped.set)
    ready.send(Running(port, os.getpid()))
    await stopped.wait()

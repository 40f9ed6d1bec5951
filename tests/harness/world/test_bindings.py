"""Every clock and every die that aiohttp reaches for follows the world, and goes back to normal afterwards."""

from __future__ import annotations

import asyncio
import datetime
import importlib
import random
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any

import aiohttp
import httpx
import pytest
from aiohttp import web
from yarl import URL

from harness.errors import WorldError
from harness.world import bindings
from harness.world.bindings import BINDINGS, Binding, bind_to_world
from harness.world.virtual_run import run_in_virtual_time

EPOCH = datetime.datetime(2031, 5, 4, 3, 2, 1, tzinfo=datetime.UTC).timestamp()


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    async def peer(request: web.Request) -> web.Response:
        assert request.transport is not None
        return web.Response(text=str(request.transport.get_extra_info("peername")[1]))

    app = web.Application()
    app.router.add_get("/", peer)
    runner = web.AppRunner(app, access_log=None, handle_signals=False, keepalive_timeout=10_000)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    yield f"http://127.0.0.1:{site.port}/"
    await runner.cleanup()


async def connections_of_spaced_requests(client: Any) -> int:
    peers = []
    async with client, server() as url:
        for gap_s in (0, 1, 14, 16, 100, 1):
            await asyncio.sleep(gap_s)
            peers.append((await read(client, url))[0])
    return len(set(peers))


async def read(client: Any, url: str) -> tuple[str, str]:
    """Body and Date header."""
    if isinstance(client, httpx.AsyncClient):
        answer = await client.get(url)
        return answer.text, answer.headers["Date"]
    async with client.get(url) as response:
        return await response.text(), response.headers["Date"]


def aiohttp_client() -> Any:
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(keepalive_timeout=15))


def httpx_client() -> Any:
    return httpx.AsyncClient(trust_env=False, limits=httpx.Limits(keepalive_expiry=15))


@pytest.mark.parametrize("client", [aiohttp_client, httpx_client])
def test_pooled_connections_age_in_virtual_time(client: Any) -> None:
    async def main() -> int:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            return await connections_of_spaced_requests(client())

    assert run_in_virtual_time(main) == 3


@pytest.mark.parametrize("client", [aiohttp_client, httpx_client])
def test_without_the_bindings_they_would_not(client: Any) -> None:
    async def main() -> int:
        return await connections_of_spaced_requests(client())

    assert run_in_virtual_time(main) == 1


def test_the_date_header_shows_the_worlds_time() -> None:
    async def main() -> list[str]:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            async with server() as url, aiohttp_client() as client:
                dates = [(await read(client, url))[1]]
                await asyncio.sleep(86_400)
                dates.append((await read(client, url))[1])
        return dates

    assert run_in_virtual_time(main) == ["Sun, 04 May 2031 03:02:01 GMT", "Mon, 05 May 2031 03:02:01 GMT"]


def test_cookies_expire_in_virtual_time() -> None:
    async def main() -> list[int]:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            jar = aiohttp.CookieJar(unsafe=True)
            jar.update_cookies(SimpleCookie("session=1; Max-Age=60"), URL("http://127.0.0.1/"))
            counts = []
            for _ in range(2):
                counts.append(len(jar.filter_cookies(URL("http://127.0.0.1/"))))
                await asyncio.sleep(61)
        return counts

    assert run_in_virtual_time(main) == [1, 0]


def test_the_access_log_shows_the_worlds_time(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> str:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            return str(importlib.import_module("aiohttp.web_log").AccessLogger._format_t(None, None, 1.0))

    assert run_in_virtual_time(main) == "[04/May/2031:03:02:00 +0000]"


def test_the_global_dice_are_seeded_from_the_worlds_and_put_back() -> None:
    async def main(seed: int) -> float:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(seed)):
            return random.random()

    before = random.getstate()
    rolls = [run_in_virtual_time(lambda seed=seed: main(seed)) for seed in (1, 1, 2)]  # type: ignore[misc] # lambda default
    assert rolls[0] == rolls[1] != rolls[2]
    assert random.getstate() == before


def names_bound() -> list[Any]:
    found = []
    for binding in BINDINGS:
        owner: Any = importlib.import_module(binding.module)
        *path, name = binding.attribute.split(".")
        for part in path:
            owner = getattr(owner, part)
        found.append(vars(owner)[name])
    return found


def test_everything_is_put_back() -> None:
    before = names_bound()

    async def main() -> list[Any]:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            return names_bound()

    during = run_in_virtual_time(main)
    assert names_bound() == before
    replaced = [binding.attribute for binding, a, b in zip(BINDINGS, before, during, strict=True) if a is not b]
    assert set(replaced) >= {"monotonic", "time", "AccessLogger._get_local_time"}


@pytest.mark.parametrize("attribute", ["no_such_name", "AccessLogger._no_such_name", "NoSuchClass.name"])
def test_a_name_that_a_library_dropped_is_an_error_and_leaves_nothing_bound(
    attribute: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    gone = Binding("aiohttp.web_log", attribute, lambda world: world, "only a test asks for it")
    monkeypatch.setattr(bindings, "BINDINGS", (*BINDINGS, gone))
    before = names_bound()

    async def main() -> None:
        with bind_to_world(asyncio.get_running_loop(), EPOCH, random.Random(1)):
            pass

    expected = f"aiohttp {aiohttp.__version__} has no aiohttp.web_log.{attribute}"
    with pytest.raises(WorldError, match=re.escape(expected)):
        run_in_virtual_time(main)
    assert names_bound() == before


def test_aiohttp_reads_no_other_clock_than_those_in_the_table() -> None:
    """A new aiohttp may read a clock in a new place; then this test asks for a new row."""
    reads = re.compile(r"\b(?:time|time_mod)\.(?:time|monotonic|ctime|perf_counter)\(|\bmonotonic\(\)|datetime\.now\(")
    folder = Path(aiohttp.__file__).parent
    readers = {path.stem for path in sorted(folder.rglob("*.py")) if reads.search(path.read_text(encoding="utf-8"))}
    assert readers == {binding.module.rpartition(".")[2] for binding in BINDINGS if "aiohttp" in binding.module}

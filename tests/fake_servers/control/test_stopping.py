"""How a day ends: no further connection, a bounded time for open requests, and nothing left behind."""

from __future__ import annotations

import asyncio
import gc

import httpx
import psutil
import pytest

from fake_servers.journal import Event
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import ask, connected, on_exchange, until

SLOW = on_exchange("delay", delay="200 ms")
ENDLESS = on_exchange("stall_after", after_bytes="0 bytes", stall="1 h")


def test_an_open_request_may_end_and_no_other_is_taken() -> None:
    async def main() -> None:
        async with day_with(SLOW) as (day, caller):
            url = (await caller.said("GET", "/v1/sessions/default"))["endpoints"]["license"]
            asking = asyncio.create_task(ask(url))
            await until(lambda: day.roster.all()[0].requests == 1)
            stopping = asyncio.create_task(day.stop(10.0))
            await asyncio.sleep(0)
            await caller.refused("GET", "/v1/health/ready", 503, "stopping")
            await caller.said("GET", "/v1/health/live")
            with pytest.raises(httpx.ConnectError):
                await caller.post(url)
            assert (await asking).status == 200
            await stopping

    asyncio.run(main())


def test_a_request_that_never_ends_is_given_up_and_stands_in_the_log() -> None:
    async def main() -> None:
        heard: list[Event] = []
        async with day_with(ENDLESS, hears=lambda _, event: heard.append(event)) as (day, caller):
            url = (await caller.said("GET", "/v1/sessions/default"))["endpoints"]["license"]
            asking = asyncio.create_task(ask(url))
            await until(lambda: day.roster.all()[0].requests == 1)
            began_s = day.up_s
            await day.stop(0.1)
            assert 0.1 <= day.up_s - began_s < 5
            assert (await asking).data == b""
            assert heard[-1].kind == "connection_closed"

    asyncio.run(main())


def test_whoever_is_in_a_hurry_need_not_wait() -> None:
    async def main() -> None:
        async with day_with(ENDLESS) as (day, caller):
            url = (await caller.said("GET", "/v1/sessions/default"))["endpoints"]["license"]
            asking = asyncio.create_task(ask(url))
            await until(lambda: day.roster.all()[0].requests == 1)
            hurry = asyncio.Event()
            stopping = asyncio.create_task(day.stop(600.0, hurry))
            await asyncio.sleep(0.05)
            assert not stopping.done()
            hurry.set()
            await stopping
            await asking

    asyncio.run(main())


def test_no_socket_and_no_task_is_left_behind() -> None:
    async def main() -> None:
        before = len(psutil.Process().net_connections("inet"))
        async with day_with(ENDLESS, port=0) as (day, caller):
            for number in range(5):
                await caller.said("POST", "/v1/sessions", 201, json={"name": f"n{number}", "ports": "own"})
                await caller.license(f"n{number}")
            await caller.said("POST", "/v1/sessions/n1/reset")
            await caller.said("DELETE", "/v1/sessions/n2", 204)
            async with connected(day.control_url):
                await day.stop(0.0)
        gc.collect()
        assert len(psutil.Process().net_connections("inet")) == before
        assert asyncio.all_tasks() == {asyncio.current_task()}

    asyncio.run(main())

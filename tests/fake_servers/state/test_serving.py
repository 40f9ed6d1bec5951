"""Services whose truth is kept in a file: sessions that are taken up again, reset and closed; and a file that takes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from fake_servers.state.file import StateFile
from tests.fake_servers.control.days import Caller, day_with
from tests.fake_servers.sessions import BODY, until
from tests.fake_servers.state.filed import license_request, limit_pages, opened

PHONE = {"name": "phone"}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "state.db"


@asynccontextmanager
async def day_on(path: Path, **more: Any) -> AsyncIterator[tuple[StateFile, Caller]]:
    with opened(path) as file:
        async with day_with(default=False, stores=file, **more) as (_, caller):
            yield file, caller


async def issued(caller: Caller, session: str = "phone") -> int:
    """Licenses that the service knows to have given out."""
    truth = (await caller.said("GET", f"/v1/sessions/{session}/truth"))["truth"]
    return sum(sum(device["issued"].values()) for device in truth["devices"].values())


def test_a_session_with_a_name_is_taken_up_again_by_the_next_server_and_reset_and_closed_for_good(path: Path) -> None:
    async def main() -> None:
        for before in (0, 2):
            async with day_on(path) as (_, caller):
                assert (await caller.said("POST", "/v1/sessions", 201, json=PHONE))["run"] == 1
                assert await issued(caller) == before
                assert [await caller.license("phone") for _ in range(2)] == [200, 200]
        async with day_on(path) as (_, caller):
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
            assert await issued(caller) == 4
            await caller.said("POST", "/v1/sessions/phone/reset")
            assert await issued(caller) == 0
            await caller.license("phone")
        async with day_on(path) as (_, caller):
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
            assert await issued(caller) == 1
            await caller.said("PUT", "/v1/sessions/phone/faults", json={"faults": []})
            await caller.license("phone")
            assert await issued(caller) == 1
            await caller.said("DELETE", "/v1/sessions/phone", 204)
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
            assert await issued(caller) == 0

    asyncio.run(main())


def test_a_session_without_a_name_leaves_nothing_behind(path: Path) -> None:
    async def main() -> None:
        for _ in range(2):
            async with day_on(path) as (_, caller):
                assert (await caller.said("POST", "/v1/sessions", 201, json={}))["name"] == "s1"
                assert await issued(caller, "s1") == 0
                await caller.license("s1")

    asyncio.run(main())


def test_a_session_that_expired_is_taken_up_again(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fake_servers.control.roster.LOOK_EVERY_S", 0.01)

    async def main() -> None:
        with opened(path) as file:
            async with day_with(default=False, stores=file) as (day, caller):
                state = await caller.said("POST", "/v1/sessions", 201, json=PHONE)
                await caller.post(state["endpoints"]["license"], content=BODY, headers={"Connection": "close"})
                day.roster.all()[0].expires_after_s = 0.0
                await until(lambda: not day.roster.names())
                await caller.said("POST", "/v1/sessions", 201, json=PHONE)
                assert await issued(caller) == 1

    asyncio.run(main())


def test_a_session_that_began_otherwise_is_refused_with_what_to_do(path: Path) -> None:
    async def main() -> None:
        async with day_on(path) as (_, caller):
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
        async with day_on(path) as (_, caller):
            other = PHONE | {"given": {"silent": False}}
            problem = await caller.refused("POST", "/v1/sessions", 409, "cannot-be-served", json=other)
            assert "began with another 'given'" in problem["detail"]
            assert problem["to_do"].startswith("open it as it began")
            assert (await caller.said("GET", "/v1/sessions"))["sessions"] == []
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)

    asyncio.run(main())


def test_a_full_disk_is_told_to_clients_and_callers_who_are_served_again_once_there_is_room(path: Path) -> None:
    async def main() -> None:
        async with day_on(path) as (file, caller):
            state = await caller.said("POST", "/v1/sessions", 201, json=PHONE | {"dialect": "wmdrm"})
            url = state["endpoints"]["license"]

            async def asked(number: int) -> httpx.Response:
                http = license_request(number, url)
                return await caller.post(url, content=http.body, headers=http.headers)

            limit_pages(file, 1)
            number = 0
            while (reply := await asked(number)).status_code == 200:
                number += 1
            assert (reply.status_code, reply.headers["access-control-allow-origin"]) == (503, "*")
            assert f"{path} takes nothing more, for the disk is full: make room" in reply.json()["error"]
            log = [entry["event"] for entry in (await caller.said("GET", "/v1/sessions/phone/log"))["entries"]]
            assert [event["kind"] for event in log[-2:]] == ["request_received", "reply_sent"]  # the truth did not change
            assert (log[-1]["status"], log[-1]["answer"]) == (503, "http")

            long = PHONE | {"name": "tv", "given": {"licenses": [f"film-{n}" for n in range(2000)]}}
            await caller.refused("POST", "/v1/sessions", 503, "state-file", json=long)
            assert [each["name"] for each in (await caller.said("GET", "/v1/sessions"))["sessions"]] == ["phone"]
            assert await issued(caller) == number

            limit_pages(file, None)
            assert (await asked(number)).status_code == 200
            await caller.said("POST", "/v1/sessions", 201, json=long)

    asyncio.run(main())


def test_a_file_that_takes_nothing_lets_nobody_reset_or_forget_and_nothing_changes(path: Path) -> None:
    async def main() -> None:
        async with day_on(path) as (file, caller):
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
            await caller.license("phone")
            file._database.execute("PRAGMA query_only = ON")  # as on a disk that went read-only
            await caller.refused("POST", "/v1/sessions/phone/reset", 503, "state-file")
            await caller.refused("PUT", "/v1/sessions/phone/faults", 503, "state-file", json={"faults": []})
            assert (await caller.said("GET", "/v1/sessions/phone"))["run"] == 1
            assert await issued(caller) == 1
            assert await caller.license("phone") == 503
            await caller.refused("DELETE", "/v1/sessions/phone", 503, "state-file")
            file._database.execute("PRAGMA query_only = OFF")
            await caller.said("POST", "/v1/sessions", 201, json=PHONE)
            assert await issued(caller) == 1

    asyncio.run(main())

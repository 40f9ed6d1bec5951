"""Services that are up all day, on real sockets, and a caller of their control API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import Random
from typing import Any

import httpx

from fake_servers.control.all_day import AllDay
from fake_servers.control.roster import Setup
from fake_servers.faults.script import Rule
from tests.fake_servers.sessions import BODY

PROBLEM = "application/problem+json"


class Caller(httpx.AsyncClient):
    """Asks the control API of one day, and its services."""

    async def said(self, method: str, path: str, status: int = 200, **more: Any) -> Any:
        """The JSON of an answer, whose status must be this one."""
        response = await self.request(method, path, **more)
        assert response.status_code == status, response.text
        return response.json() if response.content else None

    async def refused(self, method: str, path: str, status: int, kind: str, **more: Any) -> Any:
        """The problem that is answered; each says what was wrong, and what to do."""
        response = await self.request(method, path, **more)
        problem = response.json()
        assert (response.status_code, response.headers["content-type"]) == (status, PROBLEM), response.text
        assert (problem["status"], problem["type"]) == (status, f"urn:drm-harness:{kind}")
        assert problem["title"]
        assert problem["detail"]
        assert problem["to_do"]
        return problem

    async def license(self, session: str = "default") -> int:
        """The status of a license request."""
        state = await self.said("GET", f"/v1/sessions/{session}")
        return (await self.post(state["endpoints"]["license"], content=BODY)).status_code


@asynccontextmanager
async def day_with(*rules: Rule, default: bool = True, **more: Any) -> AsyncIterator[tuple[AllDay, Caller]]:
    """A day with the session ``default``."""
    async with AllDay(rng=Random(7), **more) as day, Caller(base_url=day.control_url, timeout=20) as caller:
        if default:
            await day.roster.open("default", Setup(rules=rules, shared=day.has_shared_port))
        yield day, caller

"""Never closes its connections: the pool is global, and so nobody's."""

from __future__ import annotations

import asyncio
import atexit

import aiohttp

from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient

POOL: list[aiohttp.BaseConnector] = []


class Flaw(HttpSender):
    """Somebody will need them again."""

    keeps_idle_s = 86_400.0

    async def close(self) -> None:
        if self._session is not None and self._session.connector is not None:
            POOL.append(self._session.connector)
            self._session.detach()
            self._session = None


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "connections_left_open"})


@atexit.register
def _sweep() -> None:
    """Their loops are gone by then; this only keeps the library from complaining at the end of every test run."""

    async def sweep() -> None:
        for connector in POOL:
            await connector.close()

    asyncio.run(sweep())

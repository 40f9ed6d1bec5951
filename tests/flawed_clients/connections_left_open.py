"""Never closes its connections: the pool is global, and so nobody's."""

from __future__ import annotations

import aiohttp

from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient

POOL: list[aiohttp.ClientSession] = []


class Flaw(HttpSender):
    """Somebody will need them again."""

    keeps_idle_s = 86_400.0

    async def close(self) -> None:
        if self._session is not None:
            POOL.append(self._session)
            self._session = None


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "connections_left_open"})

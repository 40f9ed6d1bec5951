"""Sends a second copy of a request that is slow, and takes the reply that comes first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harness.client.effects import Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient

SLOW_S = 3.0


class Flaw(HttpSender):
    """Two tries are faster than one."""

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        tries = [asyncio.ensure_future(super().__call__(send, moving))]
        try:
            if not (await asyncio.wait(tries, timeout=SLOW_S))[0]:
                tries.append(asyncio.ensure_future(super().__call__(send, lambda event: None)))
            await asyncio.wait(tries, return_when=asyncio.FIRST_COMPLETED)
            return next(each for each in tries if each.done()).result()
        finally:
            for each in tries:
                each.cancel()
            await asyncio.wait(tries)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "request_hedged"})

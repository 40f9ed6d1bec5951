"""Gives an attempt up for itself only: its connection stays open, and the service still works on it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from harness.client.effects import Broke, Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason

NEVER_S = 86_400.0


class Flaw(HttpSender):
    """The timer is not wired to the request."""

    def __init__(self, ca_file: str | None) -> None:
        super().__init__(ca_file)
        self._abandoned: set[asyncio.Task[Event]] = set()

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        listens = True
        request = asyncio.create_task(
            super().__call__(send._replace(timeout_s=NEVER_S), lambda event: moving(event) if listens else None)
        )
        self._abandoned.add(request)
        try:
            done, _ = await asyncio.wait([request], timeout=send.timeout_s)
            return request.result() if done else Broke(Reason.TIMED_OUT)
        finally:
            listens = False

    async def close(self) -> None:
        await super().close()
        for request in self._abandoned:
            request.cancel()
        if self._abandoned:
            await asyncio.wait(self._abandoned)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "request_abandoned"})

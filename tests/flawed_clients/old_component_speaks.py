"""Speaks with the component that it had at its start, whatever it has installed since."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from harness.client.effects import Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient


class Flaw(HttpSender):
    """The session was made once, with the version of that time."""

    _version: str | None = None

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        if self._version is None:
            self._version = send.request.client_version
        stale = replace(send.request, client_version=self._version)
        return await super().__call__(send._replace(request=stale), moving)


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "old_component_speaks"})

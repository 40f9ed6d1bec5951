"""Leaves it to its HTTP library to send a request again whose connection broke."""

from __future__ import annotations

from collections.abc import Callable

from harness.client.effects import Broke, Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.status.reason import Reason


class Flaw(HttpSender):
    """Once more, below the client's own counting."""

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        event = await super().__call__(send, moving)
        if isinstance(event, Broke) and event.reason is Reason.CONNECTION_LOST:
            event = await super().__call__(send, moving)
        return event


class Client(ReferenceClient):
    """The reference client with this one flaw."""

    sender = Flaw
    profile = ReferenceClient.profile.model_copy(update={"name": "library_repeats_by_itself"})

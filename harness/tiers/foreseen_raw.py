"""The same over the simulated network (T2): aiohttp's client sends, and a raw server answers canned bytes, without services.

The bytes are written from what the table says that the client will see. So each history shows, too, that the client's HTTP
library makes of them what the model says; where it does not, the history has to be played in full.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from random import Random
from typing import Any, NamedTuple, cast

from fake_servers.engine.desk import writer
from fake_servers.engine.http_reply import outgoing
from fake_servers.faults.base import Reply
from fake_servers.faults.script import SERVICES
from fake_servers.services.decision import Exchange
from harness.client.effects import Arrived, Broke, Event, Moving, Send
from harness.client.http_sender import HttpSender
from harness.status.reason import Reason
from harness.tiers.carriage import Unwritten
from harness.tiers.compiled import Answers, Asks, Course
from harness.tiers.foreseen import Ended, Unforeseen
from harness.tiers.foreseen_message import ForeseenMessage
from harness.tiers.services import FIRST_PORT
from harness.world.bindings import bind_to_world
from harness.world.simulated_transport import SimulatedTransport
from harness.world.world import SIMULATED_HOST

END_OF_HEAD = b"\r\n\r\n"


class Canned(NamedTuple):
    """What the server does once it has a request: these bytes, and then a reset, a close, or nothing more."""

    data: bytes
    then: str = ""


SILENCE, RESET = Canned(b""), Canned(b"", "reset")


class ForeseenRaw(ForeseenMessage):
    """One history over aiohttp's client, by the table."""

    _http: HttpSender
    canned: Canned

    async def _on_the_loop(self) -> Ended[Any]:
        loop, world = asyncio.get_running_loop(), self._plan.scenario.world
        if world.tls:
            raise Unforeseen
        with bind_to_world(loop, self._plan.zero_s, Random(0)):
            for number in range(len(SERVICES)):
                await loop.create_server(lambda: CannedServer(self), SIMULATED_HOST, FIRST_PORT + number)
            self._http = HttpSender(None)
            try:
                return await super()._on_the_loop()
            finally:
                await self._http.close()

    async def _send(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        """One request over HTTP; what is seen of it has to be what the table says."""
        self.now_s = self._loop.now
        try:
            self._begin(send)
            assert self._course is not None
            self.canned = self._written(send, self._course)
        except Unforeseen as surprise:
            self._give_up(surprise)
            return Broke(Reason.CONNECTION_LOST)

        def moves(event: Moving) -> None:
            if self._is_foreseen(event):
                moving(event)

        event = await self._http(send._replace(dialect=self._dialect), moves)
        return event if self._is_foreseen(event) else Broke(Reason.CONNECTION_LOST)

    @property
    def _dialect(self) -> Any:
        return self._plan.spoken.dialect

    def _is_foreseen(self, event: Event) -> bool:
        """Whether the client has seen what the table says."""
        try:
            if _is_the_same(event, self._next()):
                return True
            self._give_up(Unforeseen())
        except Unforeseen as surprise:
            self._give_up(surprise)
        return False

    # ── the bytes ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _written(self, send: Send, course: Course) -> Canned:
        last = course.news[-1][1]
        moved = [news for _, news in course.news if isinstance(news, Moving) and news.received]
        if sum(isinstance(news, Asks) for _, news in course.news) != 1:
            raise Unforeseen
        if isinstance(last, Arrived | Answers):
            return self._whole(send.request.exchange, last.reply, send.request.nonce, course.keeps)
        if isinstance(last, Broke) and last.reason is Reason.CONNECTION_LOST:
            return _torn(moved[-1], self._epoch_s()) if moved else RESET
        if isinstance(last, Broke) and last.reason is Reason.TIMED_OUT and not moved:
            return SILENCE
        raise Unforeseen

    def _whole(self, exchange: Exchange, reply: Reply, nonce: str, keeps: bool) -> Canned:
        if isinstance(reply, Unwritten):
            assert reply.decision is not None
            decision = reply.answering(nonce).decision if reply.decision.nonce else reply.decision
            assert decision is not None
            reply = writer(self._dialect)(exchange, decision)
        elif any(name.lower() == "content-length" for name in reply.headers):
            raise Unforeseen  # it was read from bytes, and may have been anything before
        data = outgoing(reply, epoch_s=self._epoch_s(), keep_alive=keeps).data
        return Canned(data, "" if keeps else "close")


def _torn(moved: Moving, epoch_s: float) -> Canned:
    """A reply that breaks off after so many bytes of its body."""
    whole = outgoing(Reply(200, {}, bytes(moved.total)), epoch_s=epoch_s, keep_alive=True).data
    if not 0 < moved.received < moved.total:
        raise Unforeseen
    return Canned(whole[: len(whole) - moved.total + moved.received], "reset")


def _is_the_same(seen: Event, foreseen: Event) -> bool:
    if isinstance(seen, Arrived) and isinstance(foreseen, Arrived):
        return (seen.reply.status, len(seen.reply.body)) == (foreseen.reply.status, len(foreseen.reply.body))
    if isinstance(seen, Broke) and isinstance(foreseen, Broke):
        return seen.reason is foreseen.reason
    return seen == foreseen


class CannedServer(asyncio.Protocol):
    """Takes one request after the other by its Content-Length, and answers without having understood any."""

    def __init__(self, story: ForeseenRaw) -> None:
        self._story = story
        self._heard = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("SimulatedTransport", transport)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, body = self._heard.partition(END_OF_HEAD)
        if not found or len(body) < int(head.lower().partition(b"content-length:")[2].split(b"\r\n")[0] or 0):
            return
        self._heard = b""
        canned, transport = self._story.canned, self._transport
        transport.write(canned.data)
        if canned.then == "reset":
            transport.reset()
        elif canned.then == "close":
            transport.close()

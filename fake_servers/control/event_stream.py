"""The log as server-sent events (WHATWG HTML, 9.2): each event as it happens, to be resumed where a reader left off.

Nothing is put by for a reader: it has a number, and takes from the log what came after it. So a reader that stays behind costs
no memory; what has left the log meanwhile is told as a gap, and a reader that takes nothing at all is let go.
"""

from __future__ import annotations

import asyncio
from itertools import islice

from aiohttp import web

from fake_servers.control.answers import entry_body
from fake_servers.control.calls import Call, Reply
from fake_servers.control.day import Day
from fake_servers.control.log import Entry
from fake_servers.control.port import ControlHandler
from fake_servers.control.problem import Problem, nearest

HEARTBEAT_S = 15.0
"""A line is sent at least so often: proxies cut what is silent, and a reader that left is noticed."""

STUCK_S = 10.0
"""A reader that takes nothing for so long is let go; it may come again with Last-Event-ID."""

MOST_READERS = 32
BATCH = 100
MEDIA_TYPE = "text/event-stream"


async def events(day: Day, call: Call) -> Reply:
    """Every event as it happens, as server-sent events; with the header Last-Event-ID, those since then first."""
    if day.log.readers >= MOST_READERS:
        raise Problem("too-many", f"{MOST_READERS} readers follow already", "close one of them")
    session = call.query.session
    if session is not None and session not in day.roster.names():
        raise Problem("no-such-session", f"no session is named {session!r}", nearest(session, day.roster.names()))
    return Reply(stream=EventStream(day, session, call.headers.get("Last-Event-ID", "")).send)


class EventStream:
    """One reader's stream.

    Args:
        session: Of one session only.
        last_id: What the reader saw last, as ``id`` told it; ``""`` for nothing yet: it hears what happens from now on.
    """

    def __init__(self, day: Day, session: str | None, last_id: str) -> None:
        self._day, self._session = day, session
        self._seen = self._number(last_id)

    async def send(self, request: web.BaseRequest) -> web.StreamResponse:
        """Send until the reader leaves, is stuck, or the service ends."""
        headers = {"Content-Type": MEDIA_TYPE, "Cache-Control": "no-store", "Server": "drm-harness"}
        response = web.StreamResponse(headers=headers)
        news = self._day.log.await_news()
        if isinstance(request.protocol, ControlHandler):
            request.protocol.on_lost = news.set
        try:
            await self._write(response, request, None)
            await self._follow(response, request, news)
            await response.write_eof()
        except TimeoutError:
            if request.transport is not None:
                request.transport.abort()
        except ConnectionError:
            pass  # the reader left
        finally:
            self._day.log.forget(news)
        return response

    async def _follow(self, response: web.StreamResponse, request: web.BaseRequest, news: asyncio.Event) -> None:
        await self._write(response, request, "retry: 1000\n\n")
        while True:
            news.clear()
            if request.transport is None:
                raise ConnectionResetError
            await self._catch_up(response, request)
            if self._day.is_over:
                return await self._write(response, request, "event: end\ndata: {}\n\n")
            try:
                async with asyncio.timeout(self._day.heartbeat_s):
                    await news.wait()
            except TimeoutError:
                await self._write(response, request, ": still here\n\n")

    async def _catch_up(self, response: web.StreamResponse, request: web.BaseRequest) -> None:
        log = self._day.log
        while True:
            if log.has_lost(self._seen, self._session):
                await self._write(response, request, self._gap())
            batch = list(islice(log.after(self._seen, self._session), BATCH))
            if not batch:
                return
            self._seen = batch[-1].number
            await self._write(response, request, "".join(map(self._told, batch)))

    async def _write(self, response: web.StreamResponse, request: web.BaseRequest, text: str | None) -> None:
        """Send text, or at first the head; raises TimeoutError if it cannot get out."""
        async with asyncio.timeout(self._day.stuck_s):
            if text is None:
                await response.prepare(request)
            else:
                await response.write(text.encode())
                await request.writer.drain()

    def _gap(self) -> str:
        """What is not held any more was lost to this reader."""
        first = next(self._day.log.after(self._seen, self._session), None)
        resumes = first.number if first is not None else self._day.log.newest + 1
        told = f'event: gap\ndata: {{"after":{self._seen},"resumes_at":{resumes}}}\n\n'
        self._seen = resumes - 1
        return told

    def _told(self, entry: Entry) -> str:
        return f"id: {self._day.identity}.{entry.number}\ndata: {entry_body(self._day, entry).model_dump_json()}\n\n"

    def _number(self, last_id: str) -> int:
        if not last_id:
            return self._day.log.newest
        identity, _, number = last_id.rpartition(".")
        is_ours = identity == self._day.identity and number.isascii() and number.isdigit() and len(number) <= 16
        return min(int(number), self._day.log.newest) if is_ours else 0  # of another day: all that is held is new

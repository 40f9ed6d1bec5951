"""One request on its way to an upstream, and its reply on the way back, through the faults that it meets."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web

from fake_servers.engine.addresses import HOP
from fake_servers.engine.app import ENDS, STAYS, Sent
from fake_servers.engine.desk import Met
from fake_servers.engine.http_reply import outgoing, outgoing_raw
from fake_servers.engine.ledger import Connection
from fake_servers.engine.player import Ending, Link
from fake_servers.engine.stream_playback import StreamPlayback
from fake_servers.faults.base import RawReply, Reply
from fake_servers.proxy.conversation import Conversation, Piece, UpstreamFailed, UpstreamSilent
from fake_servers.proxy.faulting import Faulting
from fake_servers.proxy.heads import ends_here, informational, reply_head, request_head
from fake_servers.proxy.intake import BrokenRequest, Intake
from fake_servers.proxy.problems import problem
from fake_servers.proxy.record import Record, Said, said_by_proxy, said_by_upstream
from fake_servers.proxy.reply_reading import Chunked, Head, UntilClose
from fake_servers.proxy.session import ProxySession
from fake_servers.services.decision import Exchange

logger = logging.getLogger("fake_servers")

CERTIFICATE_REQUEST = b"\x08\x04"
"""So a Widevine CDM asks for its service's certificate (a SignedMessage of type 4), where licenses are asked for, too."""


class Relay:
    """One request.

    Args:
        target: What is asked for, path and query, without what names the session.
    """

    def __init__(self, session: ProxySession, connection: Connection, request: web.BaseRequest, target: str) -> None:
        self._session, self._connection, self._request, self._target = session, connection, request, target
        self._gate = connection.gate
        self._loop = asyncio.get_running_loop()
        self._intake = Intake(request)
        self._record = Record(session.ledger, request, target, self._intake)
        self._playback: StreamPlayback | None = None
        self._lost: asyncio.Future[None] = self._loop.create_future()
        self._task = self._loop.create_task(self._pass())

    async def run(self) -> Sent:
        """Pass it on, and the reply back; returns once nobody works for it any more."""
        self._gate.entrust(self)
        try:
            await asyncio.wait({self._task})
        finally:
            self._task.cancel()
        if self._task.cancelled() or self._gate.is_lost:
            return ENDS
        self._gate.entrust(None)
        return self._task.result()

    def give_up(self) -> None:
        """The connection is gone, or has to go. An upstream is still heard out over a request whose reply a fault cut."""
        playback = self._playback
        if playback is None or playback.ending is None:
            self.stop()
        self._record.request(None if self._intake.is_whole else "the client left before it was whole")
        if playback is not None:
            playback.give_up()
        self._record.no_reply()
        if not self._lost.done():
            self._lost.set_result(None)

    def stop(self) -> asyncio.Task[Sent]:
        """Drop it, the upstream too; what is to be waited for."""
        self._task.cancel()
        return self._task

    # ── there ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _pass(self) -> Sent:
        try:
            return await self._answer()
        except ConnectionError:  # the client left; whoever told of that has told all
            return ENDS
        except BrokenRequest as broken:
            self._record.request(str(broken))
            return await self._say(problem(400, str(broken)))
        except Exception:  # a bug of ours, or in a third party's fault, must not take the proxy down
            logger.exception("request in session %r could not be passed on", self._session.name)
            if self._playback is not None:
                return ENDS
            return await self._say(problem(500, "the proxy itself failed; its log says why"))

    async def _answer(self) -> Sent:
        session, request = self._session, self._request
        hop = session.hop_of(self._target) if HOP in request.query_string else None
        exchange = None if hop is not None else await self._exchange()
        self._record.begin(self._connection, session.service, "redirect" if hop is not None else self._name(exchange))
        asked = self._record.asked
        met: Met = session.script.for_exchange(exchange, asked.nth) if exchange is not None else ()
        faulting = Faulting(session, asked, exchange, met, self._url)
        if hop is not None:
            redirecting = session.redirecting[hop]
            if redirecting[1].leads_home(self._url):
                self._target = without_hop(self._target)
                return await self._converse(faulting)
            await self._hear_out()
            return await self._say(faulting.again(redirecting))
        if faulting.speaks:
            await self._hear_out()
            return await self._say(faulting.instead(), faulting.links())
        if request.method == "CONNECT":
            return await self._say(problem(405, "this is a reverse proxy: it opens no tunnels"))
        if ends_here(request.method, request.raw_headers):
            await self._hear_out()
            return await self._say(Reply(200))
        return await self._converse(faulting)

    async def _exchange(self) -> Exchange | None:
        request = self._request
        exchange = self._session.exchange_of(request.method, self._target)
        size = len(CERTIFICATE_REQUEST)
        may_be = exchange is Exchange.LICENSE and request.content_length == size and not self._intake.expects
        return None if may_be and await self._intake.peek(size) == CERTIFICATE_REQUEST else exchange

    def _name(self, exchange: Exchange | None) -> str:
        if exchange is not None:
            return exchange.value
        is_preflight = self._request.method == "OPTIONS" and "access-control-request-method" in self._request.headers
        return "preflight" if is_preflight else "unknown"

    async def _hear_out(self) -> None:
        """Take the whole request, for nobody."""
        if self._intake.expects:
            self._gate.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        await self._intake.discard()
        self._record.request()

    async def _converse(self, faulting: Faulting) -> Sent:
        session, request, intake = self._session, self._request, self._intake
        conversation = Conversation(session.upstream, request.method)
        pumping: asyncio.Task[None] | None = None
        try:
            await conversation.begin(
                request_head(
                    request.method,
                    session.upstream.target(self._target),
                    request.raw_headers,
                    host=session.upstream.authority,
                    is_chunked=intake.is_chunked,
                )
            )
            pumping = self._loop.create_task(self._pump(conversation))
            head = await self._head_of(conversation, pumping)
            self._record.request()
            if faulting.rewrites:
                return await self._rewrite(conversation, head, faulting)
            return await self._relay(conversation, head, faulting.links())
        except UpstreamFailed as failed:
            await _cancelled(pumping)
            return await self._tell_failure(conversation, failed, faulting.links())
        finally:
            conversation.end()
            await _cancelled(pumping)

    async def _pump(self, conversation: Conversation) -> None:
        """The request's body, as it comes. That the upstream takes no more of it, its reply tells, or the absence of one."""
        takes = True
        while takes and (piece := await self._intake.take()):
            takes = await conversation.send(b"%x\r\n%s\r\n" % (len(piece), piece) if self._intake.is_chunked else piece)
        if takes:
            if self._intake.is_chunked:
                await conversation.send(b"0\r\n\r\n")
            self._record.request()

    async def _head_of(self, conversation: Conversation, pumping: asyncio.Task[None]) -> Head:
        """The reply's head, be the request there whole or not; but a request that breaks is the end of both."""
        awaiting = self._loop.create_task(conversation.await_head(self._inform))
        try:
            await asyncio.wait({awaiting, pumping}, return_when=asyncio.FIRST_COMPLETED)
            if pumping.done():
                pumping.result()
            return await awaiting
        finally:
            awaiting.cancel()
            await asyncio.wait({awaiting})
            if not awaiting.cancelled():
                awaiting.exception()  # it is known

    def _inform(self, head: Head) -> None:
        if self._request.version >= (1, 1):
            self._gate.send(informational(head))

    # ── and back ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _relay(self, conversation: Conversation, head: Head, links: Sequence[Link], taken: Sequence[Piece] = ()) -> Sent:
        """The upstream's own reply, piece by piece; ``taken`` are those that were taken already."""
        body = conversation.body
        assert body is not None
        strips_chunks = isinstance(body, Chunked) and self._request.version < (1, 1)
        keep_alive = self._may_keep_alive and not strips_chunks and not isinstance(body, UntilClose)
        data = reply_head(head, keep_alive=keep_alive, keeps_coding=not strips_chunks)
        said = said_by_upstream(head, data, body.length, self._session.clock.epoch_s())
        out = self._start(said, links)
        try:
            pieces = [*taken, conversation.ahead()]  # they leave with the head, as they came
            said.body_bytes = max(said.body_bytes, conversation.body_bytes)
            await out.some(data + b"".join(piece.content if strips_chunks else piece.data for piece in pieces))
            async for piece in conversation.pieces():
                said.body_bytes = max(said.body_bytes, conversation.body_bytes)
                await out.some(piece.content if strips_chunks else piece.data)
        except UpstreamFailed as failed:
            self._record.upstream(conversation, str(failed))
            out.give_up()  # what breaks off there, breaks off here
            (self._gate.reset if failed.how == "reset" else self._gate.fin)()
        else:
            self._record.upstream(conversation)
        return await self._over(out, keep_alive=keep_alive)

    async def _rewrite(self, conversation: Conversation, head: Head, faulting: Faulting) -> Sent:
        """The upstream's reply as a fault changes it, which needs all of it. More than that is held for, passes unchanged."""
        taken: list[Piece] = []
        async for piece in conversation.pieces():
            taken.append(piece)
            if conversation.body_bytes > self._session.limits.body_bytes:
                return await self._relay(conversation, head, faulting.links(), taken)
        self._record.upstream(conversation)
        has_body = self._request.method != "HEAD" and head.status not in (204, 304)
        rewritten = faulting.rewritten(head, b"".join(piece.content for piece in taken), has_body=has_body)
        if isinstance(rewritten, RawReply):
            return await self._say(rewritten, faulting.links())
        new_head, content = rewritten
        keep_alive = self._may_keep_alive
        data = reply_head(new_head, keep_alive=keep_alive, keeps_coding=False)
        out = self._start(said_by_upstream(new_head, data, len(content), self._session.clock.epoch_s()), faulting.links())
        await out.some(data + content)
        return await self._over(out, keep_alive=keep_alive)

    async def _tell_failure(self, conversation: Conversation, failed: UpstreamFailed, links: Sequence[Link]) -> Sent:
        """Nothing came that could be passed on."""
        if not self._intake.expects:
            await self._intake.discard()
        self._record.request()
        self._record.upstream(conversation, str(failed))
        detail = f"the upstream {self._session.upstream.shown} failed: {failed}. This is no fault of the scenario."
        return await self._say(problem(504 if isinstance(failed, UpstreamSilent) else 502, detail), links)

    async def _say(self, reply: Reply | RawReply, links: Sequence[Link] = ()) -> Sent:
        """A reply that is not the upstream's."""
        self._record.request()
        keep_alive = self._may_keep_alive and (isinstance(reply, Reply) or reply.keeps_open)
        epoch_s = self._session.clock.epoch_s()
        if isinstance(reply, RawReply):
            out = outgoing_raw(reply, epoch_s=epoch_s)
        else:
            out = outgoing(reply, epoch_s=epoch_s, keep_alive=keep_alive, head_only=self._request.method == "HEAD")
        playback = self._start(said_by_proxy(out), links)
        await playback.some(out.data)
        return await self._over(playback, keep_alive=keep_alive)

    @property
    def _may_keep_alive(self) -> bool:
        is_whole = self._intake.is_whole
        return is_whole and bool(self._request.keep_alive) and self._session.may_keep_alive(self._session.service)

    def _start(self, said: Said, links: Sequence[Link]) -> StreamPlayback:
        rules = self._session.script.rules

        def fired(position: int) -> None:
            self._session.ledger.fault_fired_on(self._record.asked, position, rules[position].fault)

        def ended(ending: Ending) -> None:
            self._record.reply(said, playback, is_whole=ending is Ending.PLAYED)

        playback = StreamPlayback(self._loop, self._gate, links, fired=fired, ended=ended, drained=self._drained)
        self._playback = playback
        return playback

    async def _over(self, out: StreamPlayback, *, keep_alive: bool) -> Sent:
        """No more will come. What a fault cut is over when the connection is: until then nobody else may speak on it."""
        await out.last()
        if out.ending is not Ending.PLAYED:
            await self._lost
        return STAYS if keep_alive else ENDS

    async def _drained(self) -> None:
        if self._request.protocol.writing_paused:  # the client is slow: nothing more before it took most of this
            await self._request.writer.drain()

    @property
    def _url(self) -> str:
        """As the client sees it."""
        host = self._request.headers.get("host") or self._session.host
        return f"{self._session.scheme}://{host}{self._request.rel_url.raw_path_qs}"


def without_hop(target: str) -> str:
    """What was asked for before a fault's redirects numbered it."""
    path, _, query = target.partition("?")
    kept = "&".join(part for part in query.split("&") if not part.startswith(f"{HOP}="))
    return f"{path}?{kept}" if kept else path


async def _cancelled(task: asyncio.Task[None] | None) -> None:
    if task is not None:
        task.cancel()
        await asyncio.wait({task})
        if not task.cancelled():
            with suppress(BrokenRequest):
                task.result()

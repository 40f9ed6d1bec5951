"""From a request to its reply over aiohttp: which exchange it is, what goes out, and what goes into the journal.

What is answered is decided at the desk; a fault on the bytes is played by the gate. aiohttp parses the requests and keeps
connections alive.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from contextlib import suppress

from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError

from fake_servers.dialects.base import BadRequest, HttpRequest
from fake_servers.engine.addresses import EXCHANGE_AT, HOP, PAGE, service_at
from fake_servers.engine.desk import answer_exchange, answer_hop, answer_malformed, leads_home, shown_fields, writer
from fake_servers.engine.http_reply import (
    Outgoing,
    json_reply,
    outgoing,
    outgoing_raw,
    shown_headers,
    with_cors,
)
from fake_servers.engine.ledger import Asked, Connection
from fake_servers.engine.player import Link, Playback
from fake_servers.engine.session import Session
from fake_servers.errors import StateError
from fake_servers.faults.base import RawReply, Reply
from fake_servers.faults.script import SERVICE_OF, Service
from fake_servers.services.deciding import complete_page
from fake_servers.services.decision import Answer, Exchange, ServiceRequest

logger = logging.getLogger("fake_servers")


class Sent(web.StreamResponse):
    """What aiohttp is given for a reply that went out already: nothing to write, only whether the connection lives on."""

    def __init__(self, keep_alive: bool) -> None:
        super().__init__()
        self._stays = keep_alive

    @property
    def keep_alive(self) -> bool | None:
        return self._stays

    async def prepare(self, request: web.BaseRequest) -> None:
        """The head went out."""

    async def write_eof(self, data: bytes = b"") -> None:
        """So did the body."""


STAYS, ENDS = Sent(keep_alive=True), Sent(keep_alive=False)


Said = tuple[Asked, Reply | RawReply, str, Sequence[Link]]
"""What shall be said to which request; what the service decided, in a word, or who spoke instead; and the byte faults in the
reply's way."""


async def serve(
    session: Session, connection: Connection, request: web.BaseRequest, path: str, services: Sequence[Service]
) -> Sent:
    """Answer one request; returns once its reply is out, or can no longer get out.

    Args:
        path: As the session counts it: on a shared port, without what names the session.
        services: Those that can be had on this port.
    """
    call = Call(session, connection, request, path)
    if not call.took_body():
        try:
            await call.read_body()
        except (OSError, RuntimeError):  # as aiohttp says that the client left before its request was whole
            if not call.gate.is_lost:
                raise
            return ENDS
    try:
        return await call.send(call.answer(services))
    except StateError as error:  # nothing has changed, so nothing was decided
        logger.error("session %r: %s", session.name, error)  # where it was raised helps nobody
        return await call.confess(503, str(error))
    except Exception:  # a bug in a dialect or in a third party's fault must not take the service down
        logger.exception("%s %s in session %r could not be answered", request.method, path, session.name)
        return await call.confess(500, "the fake server failed; its log says why")


class Call:
    """One request on its way to its reply."""

    __slots__ = ("asked", "bad_body", "body", "connection", "gate", "headers", "path", "request", "session", "shown")

    def __init__(self, session: Session, connection: Connection, request: web.BaseRequest, path: str) -> None:
        self.session = session
        self.connection = connection
        self.gate = connection.gate
        self.request = request
        self.path = path
        if connection.heard[0] != request.raw_headers:
            headers = {name.lower(): value for name, value in request.headers.items()}
            connection.heard = request.raw_headers, headers, shown_headers(headers)
        _, self.headers, self.shown = connection.heard
        self.body = b""
        self.bad_body: BadRequest | None = None
        self.asked: Asked | None = None

    def took_body(self) -> bool:
        """Whether the body came whole with its head, as small ones do; then nobody has to wait for it."""
        content = self.request.content
        if not content.is_eof() or content.exception() is not None or content.total_bytes > self.session.limits.body_bytes:
            return False
        self.body = content.read_nowait()
        return True

    async def read_body(self) -> None:
        if self.headers.get("expect", "").lower() == "100-continue":
            self.gate.send(b"HTTP/1.1 100 Continue\r\n\r\n")
        try:
            self.body = await self.request.read()
        except web.HTTPRequestEntityTooLarge:
            self.bad_body = BadRequest(f"the body has more than {self.session.limits.body_bytes} bytes", 413)
        except (web.RequestPayloadError, PayloadEncodingError) as bad:
            self.bad_body = BadRequest(f"the body cannot be read: {bad}")

    def answer(self, services: Sequence[Service]) -> Said:
        exchange = EXCHANGE_AT.get(self.path)
        service = service_at(self.path)
        if service is None or service not in services:
            return self._unknown()
        if self.request.method == "OPTIONS":
            return self._preflight(service)
        if exchange is None:
            return self._page()
        if self.request.query_string and HOP in self.request.query:
            return self._hop(exchange)
        return self._exchange(exchange)

    # ── the kinds of request ─────────────────────────────────────────────────────────────────────────────────────────

    def _exchange(self, exchange: Exchange, *, is_hop: bool = False) -> Said:
        session, name = self.session, "redirect" if is_hop else exchange.value
        try:
            request = self._decoded(exchange)
        except BadRequest as bad:
            asked = self._receive(SERVICE_OF[exchange], name, problem=bad.reason)
            met = () if is_hop else session.script.for_exchange(exchange, asked.nth)
            return asked, *answer_malformed(session, asked, exchange, met, url=self._url, status=bad.status, reason=bad.reason)
        asked = self._receive(SERVICE_OF[exchange], name, fields=None if is_hop else shown_fields(request))
        met = () if is_hop else session.script.for_exchange(exchange, asked.nth)
        return asked, *answer_exchange(session, asked, exchange, request, met, url=self._url, writes=writer(session.dialect))

    def _hop(self, exchange: Exchange) -> Said:
        """The next address of a redirect."""
        if exchange not in self.session.redirecting:
            reason = f"no redirect of {exchange.value!r} led here"
            asked = self._receive(SERVICE_OF[exchange], "redirect", problem=reason)
            return asked, json_reply(404, reason), Answer.MALFORMED.value, ()
        if leads_home(self.session, exchange, self._url):
            return self._exchange(exchange, is_hop=True)
        asked = self._receive(SERVICE_OF[exchange], "redirect")
        return asked, *answer_hop(self.session, asked, exchange, url=self._url)

    def _preflight(self, service: Service) -> Said:
        asked = self._receive(service, "preflight")
        allowed = {
            "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
            "Access-Control-Allow-Headers": self.headers.get("access-control-request-headers", "*"),
        }
        return asked, with_cors(Reply(204, allowed)), "preflight", ()

    def _page(self) -> Said:
        token = self.path.removeprefix(PAGE)
        asked = self._receive("license", "page")
        reply = html_reply('<form method="post"><button>Get the license</button></form>')
        if self.request.method == "POST":
            self.session.deciding = asked
            try:
                is_done = complete_page(self.session.store, token)
            finally:
                self.session.deciding = None
            reply = html_reply("Thank you. You may close this page.") if is_done else json_reply(404, "no such page")
        return asked, reply, "page", ()

    def _unknown(self) -> Said:
        reason = f"there is nothing at {self.path[:200]!r} on this port"
        asked = self._receive(self.connection.service, "unknown", problem=reason)
        return asked, json_reply(404, reason), Answer.MALFORMED.value, ()

    async def confess(self, status: int, reason: str) -> Sent:
        """The fault is ours."""
        if self.asked is not None and self.asked.is_answered:
            return ENDS
        asked = self.asked or self._receive(self.connection.service, "unknown", problem=reason)
        return await self.send((asked, json_reply(status, reason), "http", ()))

    # ── what makes a reply ───────────────────────────────────────────────────────────────────────────────────────────

    def _decoded(self, exchange: Exchange) -> ServiceRequest:
        """What the dialect reads in the request.

        Raises:
            BadRequest: It reads nothing in it.
        """
        dialect = self.session.dialect
        if exchange not in dialect.exchanges:
            raise BadRequest(f"the dialect {dialect.name!r} has no exchange {exchange.value!r}", 404)
        if self.bad_body is not None:
            raise self.bad_body
        return dialect.decode_request(exchange, HttpRequest(self.request.method, self._url(), self.headers, self.body))

    # ── what goes out and into the journal ───────────────────────────────────────────────────────────────────────────

    def _receive(
        self, service: str, exchange: str, *, fields: dict[str, str] | None = None, problem: str | None = None
    ) -> Asked:
        self.asked = self.session.ledger.request_received(
            self.connection,
            service,
            exchange,
            method=self.request.method[:40],
            path=self.path[:200],
            headers=self.shown,
            body_bytes=len(self.body),
            fields=fields or {},
            problem=problem,
        )
        return self.asked

    async def send(self, said: Said) -> Sent:
        asked, reply, answer, links = said
        session, epoch_s = self.session, self.session.clock.epoch_s()
        keep_alive = self.request.keep_alive and self.bad_body is None and session.may_keep_alive(asked.service)
        if isinstance(reply, RawReply):
            keep_alive = keep_alive and reply.keeps_open
            out = outgoing_raw(reply, epoch_s=epoch_s)
        else:
            out = outgoing(reply, epoch_s=epoch_s, keep_alive=keep_alive, head_only=self.request.method == "HEAD")
        if links:
            await self._play(asked, out, answer, links)
        else:
            self.gate.send(out.data)
            session.ledger.reply_sent(asked, out, answer, sent_bytes=len(out.data), is_whole=True)
        if self.request.protocol.writing_paused:  # the client is slow: no further reply before it took most of this one
            with suppress(ConnectionError):  # it left; the gate has told of it
                await self.request.writer.drain()
        return STAYS if keep_alive else ENDS

    async def _play(self, asked: Asked, out: Outgoing, answer: str, links: Sequence[Link]) -> None:
        ledger, rules = self.session.ledger, self.session.script.rules

        def fired(position: int) -> None:
            ledger.fault_fired_on(asked, position, rules[position].fault)

        def ended(playback: Playback) -> None:
            ledger.reply_sent(asked, out, answer, sent_bytes=playback.sent_bytes, is_whole=playback.is_whole)

        await self.gate.play(out.data, links, fired=fired, ended=ended)

    def _url(self) -> str:
        """The full URL, as the client sees it."""
        scheme = "https" if self.session.tls else "http"
        host = self.headers.get("host") or self.session.host
        return f"{scheme}://{host}{self.request.rel_url.raw_path_qs}"


def html_reply(body: str) -> Reply:
    """A page for a user."""
    text = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>License</title></head><body>{body}</body></html>'
    return with_cors(Reply(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode()))

"""From a request to its reply: which exchange it is, what the script puts in the way, and what goes into the journal.

Knows no fault and no dialect by name. A fault of HTTP speaks instead of the service, or changes what it said; a fault of the
service bends its decision; a fault on the bytes is played by the gate. aiohttp parses the requests and keeps connections
alive; the replies are written here.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import lru_cache, partial
from typing import TYPE_CHECKING, TypeVar

from aiohttp import web
from aiohttp.http_exceptions import PayloadEncodingError

from fake_servers.dialects.base import BadRequest, HttpRequest
from fake_servers.engine.addresses import EXCHANGE_AT, HOP, PAGE, service_at
from fake_servers.engine.http_reply import (
    SHOWN_CHARACTERS,
    Outgoing,
    json_reply,
    outgoing,
    outgoing_raw,
    shown_headers,
    with_cors,
)
from fake_servers.engine.ledger import Asked, Connection
from fake_servers.engine.player import Link, Playback
from fake_servers.faults.base import ByteFault, Fault, HttpContext, HttpFault, RawReply, Reply, ServiceFault
from fake_servers.faults.script import SERVICE_OF, Service
from fake_servers.services import complete_page, decide
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest

if TYPE_CHECKING:
    from fake_servers.engine.session import Session

logger = logging.getLogger("fake_servers")

Met = Sequence[tuple[int, Fault]]
"""The faults that a request meets, with their positions, in script order."""

FIELDS = ("device", "client_version", "nonce", "idempotency_key", "computer", "receipt")


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
    except Exception:  # a bug in a dialect or in a third party's fault must not take the service down
        logger.exception("%s %s in session %r could not be answered", request.method, path, session.name)
        return await call.confess()


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

    def _exchange(self, exchange: Exchange) -> Said:
        request: ServiceRequest | BadRequest
        try:
            request = self._decoded(exchange)
            asked = self._receive(SERVICE_OF[exchange], exchange.value, fields=_fields(request))
        except BadRequest as bad:
            request = bad
            asked = self._receive(SERVICE_OF[exchange], exchange.value, problem=bad.reason)
        met = self.session.script.for_exchange(exchange, asked.nth)
        if not met:
            return asked, *self._honest(asked, exchange, request, met), ()
        reply, answer = self._through_http(asked, exchange, met, partial(self._honest, asked, exchange, request, met))
        links = [Link(position, fault.stream(self.session.dice(position, asked))) for position, fault in _only(ByteFault, met)]
        return asked, reply, answer, links

    def _hop(self, exchange: Exchange) -> Said:
        """The next address of a redirect: whoever redirected the exchange last goes on with it."""
        found = self.session.redirecting.get(exchange)
        if found is None:
            reason = f"no redirect of {exchange.value!r} led here"
            asked = self._receive(SERVICE_OF[exchange], "redirect", problem=reason)
            return asked, json_reply(404, reason), Answer.MALFORMED.value, ()
        asked = self._receive(SERVICE_OF[exchange], "redirect")
        position, fault = found
        reply = fault.reply(None, self._context(position, asked))
        self.session.ledger.fault_fired_on(asked, position, fault)
        return asked, with_cors(reply) if isinstance(reply, Reply) else reply, "http", ()

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
            is_done = complete_page(self.session.store, token)
            self.session.deciding = None
            reply = html_reply("Thank you. You may close this page.") if is_done else json_reply(404, "no such page")
        return asked, reply, "page", ()

    def _unknown(self) -> Said:
        reason = f"there is nothing at {self.path[:200]!r} on this port"
        asked = self._receive(self.connection.service, "unknown", problem=reason)
        return asked, json_reply(404, reason), Answer.MALFORMED.value, ()

    async def confess(self) -> Sent:
        """The fault is ours."""
        if self.asked is not None and self.asked.is_answered:
            return ENDS
        reason = "the fake server failed; its log says why"
        asked = self.asked or self._receive(self.connection.service, "unknown", problem=reason)
        return await self.send((asked, json_reply(500, reason), "http", ()))

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

    def _honest(self, asked: Asked, exchange: Exchange, request: ServiceRequest | BadRequest, met: Met) -> tuple[Reply, str]:
        """What the service says, and its answer in a word."""
        if isinstance(request, BadRequest):
            return json_reply(request.status, request.reason), Answer.MALFORMED.value
        decision = self._decision(asked, request, met)
        return _encoded(self.session.dialect.encode_reply, exchange, decision), decision.answer.value

    def _decision(self, asked: Asked, request: ServiceRequest, met: Met) -> Decision:
        """What the service decides, bent by each service fault in turn."""
        session = self.session
        session.deciding = asked
        try:
            if not met:
                return decide(session.store, request, page_url=session.page_url)
            bent: Callable[[], Decision] = partial(decide, session.store, request, page_url=session.page_url)
            for position, fault in _only(ServiceFault, met):
                bent = self._bent(asked, position, fault, request, bent)
            return bent()
        finally:
            session.deciding = None

    def _bent(
        self, asked: Asked, position: int, fault: ServiceFault, request: ServiceRequest, honest: Callable[[], Decision]
    ) -> Callable[[], Decision]:
        def decide_otherwise() -> Decision:
            heard: list[Decision] = []

            def ask() -> Decision:
                heard.append(honest())
                return heard[-1]

            decision = fault.decide(request, ask)
            if heard != [decision]:
                self.session.ledger.fault_fired_on(asked, position, fault)
            return decision

        return decide_otherwise

    def _through_http(
        self, asked: Asked, exchange: Exchange, met: Met, honest: Callable[[], tuple[Reply, str]]
    ) -> tuple[Reply | RawReply, str]:
        """The reply after every HTTP fault: one that speaks instead of the service, then those that change what was said."""
        faults = list(_only(HttpFault, met))
        reply: Reply | RawReply
        instead = next(((position, fault) for position, fault in faults if fault.instead), None)
        if instead is None:
            reply, answer = honest()
        else:
            position, fault = instead
            reply, answer = fault.reply(None, self._context(position, asked)), "http"
            self.session.ledger.fault_fired_on(asked, position, fault)
            if isinstance(reply, Reply):
                reply = with_cors(reply)
                if 300 <= reply.status < 400:
                    self.session.redirecting[exchange] = instead
        for position, fault in faults:
            if not fault.instead and isinstance(reply, Reply):
                before, reply = reply, fault.reply(reply, self._context(position, asked))
                if reply != before:
                    self.session.ledger.fault_fired_on(asked, position, fault)
        return reply, answer

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
            fields=fields,
            problem=problem,
        )
        return self.asked

    async def send(self, said: Said) -> Sent:
        asked, reply, answer, links = said
        session, epoch_s = self.session, self.session.clock.epoch_s()
        keep_alive = self.request.keep_alive and self.bad_body is None and session.may_keep_alive(asked.service)
        if isinstance(reply, RawReply):
            keep_alive = False
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

    def _context(self, position: int, asked: Asked) -> HttpContext:
        return HttpContext(self._url(), self.session.clock.epoch_s(), self.session.dice(position, asked))


@lru_cache(maxsize=128)  # most decisions are made again and again
def _encoded(encode: Callable[[Exchange, Decision], Reply], exchange: Exchange, decision: Decision) -> Reply:
    return with_cors(encode(exchange, decision))


def html_reply(body: str) -> Reply:
    """A page for a user."""
    text = f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>License</title></head><body>{body}</body></html>'
    return with_cors(Reply(200, {"Content-Type": "text/html; charset=utf-8"}, text.encode()))


F = TypeVar("F", bound=Fault)


def _only(layer: type[F], met: Met) -> list[tuple[int, F]]:
    return [(position, fault) for position, fault in met if isinstance(fault, layer)]


@lru_cache(maxsize=64)
def _fields(request: ServiceRequest) -> dict[str, str]:
    """What of a request a check may want to read. Not to be changed by the caller."""
    fields = {name: getattr(request, name) for name in FIELDS}
    fields |= {"content": ",".join(request.contents), "licenses": ",".join(request.licenses)}
    return {name: value[:SHOWN_CHARACTERS] for name, value in fields.items() if value}

"""T2's server: reads one request after the other by its Content-Length and plays what the desk answers. No HTTP library.

It stands above the gate, where aiohttp's request handler stands on the wire tier: ports, faults on connections and bytes, and
the journal are the same.
"""

from __future__ import annotations

import asyncio
from typing import cast
from urllib.parse import parse_qs, urlsplit

from aiohttp import web

from fake_servers.dialects.base import BadRequest, HttpRequest
from fake_servers.engine.addresses import EXCHANGE_AT, HOP
from fake_servers.engine.desk import Answered, answer_exchange, answer_hop, answer_malformed, leads_home, shown_fields, writer
from fake_servers.engine.gate import Gate, HandlerFactory
from fake_servers.engine.http_reply import Outgoing, json_reply, outgoing, outgoing_raw, shown_headers
from fake_servers.engine.ledger import Asked, connection_of
from fake_servers.engine.player import Playback
from fake_servers.engine.session import Session
from fake_servers.faults.base import RawReply
from fake_servers.faults.script import SERVICE_OF
from fake_servers.services.decision import Answer, Exchange

END_OF_HEAD = b"\r\n\r\n"


class RawHandler(asyncio.Protocol):
    """Speaks just enough HTTP on one gate for our own client."""

    def __init__(self, session: Session, gate: Gate) -> None:
        self._session = session
        self._gate = gate
        self._connection = connection_of(gate, session.name)
        self._heard = b""
        self._playing: asyncio.Task[None] | None = None
        self._writes = writer(session.dialect)

    def data_received(self, data: bytes) -> None:
        self._heard += data
        end = self._heard.find(END_OF_HEAD)
        if end < 0:
            return
        first, *lines = self._heard[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        begin = end + len(END_OF_HEAD)
        whole = begin + int(headers.get("content-length", "0"))
        if len(self._heard) >= whole:
            body, self._heard = self._heard[begin:whole], self._heard[whole:]
            method, target, _ = first.split(" ", 2)
            self._serve(method, target, headers, body)

    def eof_received(self) -> None:
        """The client has nothing more to say."""

    def connection_lost(self, exc: Exception | None) -> None:
        self._gate.work_ended()

    # ── one request ──────────────────────────────────────────────────────────────────────────────────────────────────

    def _serve(self, method: str, target: str, headers: dict[str, str], body: bytes) -> None:
        session, parts = self._session, urlsplit(target)
        url = f"{session.scheme}://{headers.get('host', session.host)}{target}"
        request = HttpRequest(method, url, headers, body)
        exchange = EXCHANGE_AT.get(parts.path)
        if exchange is None:
            asked = self._received(self._connection.service, "unknown", parts.path, request, problem="there is nothing here")
            answered = Answered(json_reply(404, "there is nothing here"), Answer.MALFORMED.value)
        elif HOP in parse_qs(parts.query) and leads_home(session, exchange, lambda: url):
            asked, answered = self._exchange(exchange, parts.path, request, is_hop=True)
        elif HOP in parse_qs(parts.query):
            asked = self._received(SERVICE_OF[exchange], "redirect", parts.path, request)
            answered = answer_hop(session, asked, exchange, url=lambda: url)
        else:
            asked, answered = self._exchange(exchange, parts.path, request)
        self._send(asked, answered, keeps=headers.get("connection", "").lower() != "close")

    def _exchange(self, exchange: Exchange, path: str, http: HttpRequest, *, is_hop: bool = False) -> tuple[Asked, Answered]:
        session, service, name = self._session, SERVICE_OF[exchange], "redirect" if is_hop else exchange.value
        try:
            request = session.dialect.decode_request(exchange, http)
        except BadRequest as bad:
            asked = self._received(service, name, path, http, problem=bad.reason)
            met = () if is_hop else session.script.for_exchange(exchange, asked.nth)
            return asked, answer_malformed(
                session, asked, exchange, met, url=lambda: http.url, status=bad.status, reason=bad.reason
            )
        asked = self._received(service, name, path, http, fields=None if is_hop else shown_fields(request))
        met = () if is_hop else session.script.for_exchange(exchange, asked.nth)
        return asked, answer_exchange(session, asked, exchange, request, met, url=lambda: http.url, writes=self._writes)

    def _received(
        self,
        service: str,
        exchange: str,
        path: str,
        http: HttpRequest,
        *,
        fields: dict[str, str] | None = None,
        problem: str | None = None,
    ) -> Asked:
        return self._session.ledger.request_received(
            self._connection,
            service,
            exchange,
            method=http.method,
            path=path,
            headers=shown_headers(http.headers),
            body_bytes=len(http.body),
            fields=fields or {},
            problem=problem,
        )

    # ── its reply ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _send(self, asked: Asked, answered: Answered, *, keeps: bool) -> None:
        session, epoch_s = self._session, self._session.clock.epoch_s()
        keeps = keeps and session.may_keep_alive(asked.service)
        if isinstance(answered.reply, RawReply):
            keeps, out = keeps and answered.reply.keeps_open, outgoing_raw(answered.reply, epoch_s=epoch_s)
        else:
            out = outgoing(answered.reply, epoch_s=epoch_s, keep_alive=keeps)
        if answered.links:
            self._playing = asyncio.get_running_loop().create_task(self._play(asked, answered, out, keeps=keeps))
            return
        self._gate.send(out.data)
        session.ledger.reply_sent(asked, out, answered.answer, sent_bytes=len(out.data), is_whole=True)
        if not keeps:
            self._gate.top.close()

    async def _play(self, asked: Asked, answered: Answered, out: Outgoing, *, keeps: bool) -> None:
        ledger, rules = self._session.ledger, self._session.script.rules

        def fired(position: int) -> None:
            ledger.fault_fired_on(asked, position, rules[position].fault)

        def ended(playback: Playback) -> None:
            ledger.reply_sent(asked, out, answered.answer, sent_bytes=playback.sent_bytes, is_whole=playback.is_whole)

        await self._gate.play(out.data, answered.links, fired=fired, ended=ended)
        if not keeps and not self._gate.is_lost:
            self._gate.top.close()


def raw_handlers(session: Session) -> HandlerFactory:
    """Makes the handlers of a session's gates."""
    return lambda gate: cast("web.RequestHandler", RawHandler(session, gate))  # of a handler, a gate uses its protocol only

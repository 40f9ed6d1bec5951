"""What a dialect's wire lets through, learned once for each kind of message and remembered.

A dialect may be unable to say a part of a request or a decision (Clear Key has no nonce, WMDRM no version beside a refusal). A
tier without bytes must lose the same parts. So the first message of a kind is written and read once, with stand-ins of the same
length for what is unique to it; every other one of the kind keeps and loses the same fields.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from functools import lru_cache
from typing import Any, Generic, TypeVar

from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import BadReply, BadRequest, Dialect, HttpRequest
from fake_servers.engine.http_reply import with_cors
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Decision, Exchange, ServiceRequest

MOST_KINDS = 4096

M = TypeVar("M", ServiceRequest, Decision)


@dataclass(frozen=True, slots=True)
class Passed(Generic[M]):
    """What becomes of one kind of message: ``lost`` are the fields that come out otherwise than they went in."""

    lost: dict[str, Any]

    def of(self, message: M) -> M:
        """The message as it comes out at the other end."""
        return replace(message, **self.lost) if self.lost else message


@dataclass(frozen=True, slots=True)
class Heard:
    """A kind of request: how it looks on the wire, and what of it gets through, or why nothing does."""

    http: HttpRequest
    passed: Passed[ServiceRequest] | BadRequest


@dataclass(frozen=True, slots=True)
class Unwritten(Reply):
    """A reply that nobody wrote down; status, headers and length of the body are those of its kind."""

    decision: Decision | None = None

    def answering(self, nonce: str) -> Unwritten:
        """The same, to a request with this nonce."""
        assert self.decision is not None
        return Unwritten(self.status, self.headers, self.body, replace(self.decision, nonce=nonce))


class Carriage:
    """The wire of one dialect. As a dialect, it reads what nobody wrote and leaves everything else to the real one."""

    def __init__(self, dialect: Dialect) -> None:
        self.dialect = dialect
        self.name, self.exchanges, self.invented = dialect.name, dialect.exchanges, dialect.invented
        self._requests: dict[object, Heard] = {}
        self._written: dict[object, Reply] = {}
        self._read: dict[object, Passed[Decision] | BadReply] = {}

    # ── a request ────────────────────────────────────────────────────────────────────────────────────────────────────

    def heard(self, request: ServiceRequest, url: str) -> Heard:
        """The kind of a request that is sent to ``url``.

        Raises:
            ValueError: The dialect cannot write it.
        """
        nonce, key = request.nonce, request.idempotency_key
        kind = (
            request.exchange, url, request.device, request.client_version, request.contents, len(nonce), len(key),
            request.computer, request.licenses, request.silent, request.receipt,
        )  # fmt: skip
        known = self._requests.get(kind)
        if known is None:
            known = _keep(self._requests, kind, self._hear(request, url))
        return known

    def _hear(self, request: ServiceRequest, url: str) -> Heard:
        stand_in = replace(request, nonce="n" * len(request.nonce), idempotency_key="k" * len(request.idempotency_key))
        http = self.dialect.encode_request(stand_in, url)
        try:
            return Heard(http, Passed(_lost(stand_in, self.dialect.decode_request(request.exchange, http))))
        except BadRequest as bad:
            return Heard(http, bad)

    # ── a reply ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def unwritten(self, exchange: Exchange, decision: Decision) -> Reply:
        """The reply that says this decision, without its bytes."""
        kind = (exchange, _kind(decision))
        written = self._written.get(kind)
        if written is None:
            written = _keep(self._written, kind, with_cors(self.dialect.encode_reply(exchange, _stand_in(decision))))
        return Unwritten(written.status, written.headers, written.body, decision)

    def decode_reply(self, exchange: Exchange, reply: Reply, asked: tuple[str, ...] = ()) -> Decision:
        if not isinstance(reply, Unwritten) or reply.decision is None:
            return self.dialect.decode_reply(exchange, reply, asked)
        kind = (exchange, asked, reply.status, _kind(reply.decision))
        passed = self._read.get(kind)
        if passed is None:
            passed = _keep(self._read, kind, self._passed(exchange, reply, asked))
        if isinstance(passed, BadReply):
            raise BadReply(passed.reason)
        return passed.of(reply.decision)

    def _passed(self, exchange: Exchange, reply: Unwritten, asked: tuple[str, ...]) -> Passed[Decision] | BadReply:
        assert reply.decision is not None
        try:
            read = self.dialect.decode_reply(exchange, Reply(reply.status, reply.headers, reply.body), asked)
        except BadReply as bad:
            return bad
        return Passed(_lost(_stand_in(reply.decision), read))

    # ── what is always written ───────────────────────────────────────────────────────────────────────────────────────

    def decode_request(self, exchange: Exchange, http: HttpRequest) -> ServiceRequest:
        return self.dialect.decode_request(exchange, http)

    def encode_reply(self, exchange: Exchange, decision: Decision) -> Reply:
        return self.dialect.encode_reply(exchange, decision)

    def encode_request(self, request: ServiceRequest, url: str) -> HttpRequest:
        return self.dialect.encode_request(request, url)


@lru_cache(maxsize=64)
def carriage(dialect: str) -> Carriage:
    """The carriage of the dialect of this name; what it has learned serves every run."""
    return Carriage(DIALECTS[dialect])


K = TypeVar("K")


def _keep(known: dict[object, K], kind: object, value: K) -> K:
    """Remember, without growing for ever: a campaign may hold a million kinds."""
    if len(known) >= MOST_KINDS:
        known.clear()
    known[kind] = value
    return value


def _kind(decision: Decision) -> object:
    return (
        decision.answer, decision.licenses, decision.contents, decision.url, decision.client_version, decision.receipt,
        decision.text, len(decision.nonce), len(decision.package),
    )  # fmt: skip


def _stand_in(decision: Decision) -> Decision:
    return replace(decision, nonce="n" * len(decision.nonce))


def _lost(sent: M, read: M) -> dict[str, Any]:
    names = (field.name for field in fields(sent))
    return {name: getattr(read, name) for name in names if getattr(read, name) != getattr(sent, name)}

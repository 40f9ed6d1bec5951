"""What is answered to a request, sans-IO: which faults speak, what the service decides, and which faults its bytes will meet.

Whoever carries the request (aiohttp, a raw server, a model without any bytes) brings it here and carries the answer back. Knows
no fault and no dialect by name. A fault of HTTP speaks instead of the service, or changes what it said; a fault of the service
bends its decision; a fault on the bytes gets a stream of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache, partial
from random import Random
from typing import NamedTuple, Protocol, TypeVar, cast

from fake_servers.clock import Clock
from fake_servers.dialects.base import Dialect
from fake_servers.engine.http_reply import SHOWN_CHARACTERS, json_reply, with_cors
from fake_servers.engine.player import Link
from fake_servers.faults.base import ByteFault, Fault, HttpContext, HttpFault, RawReply, Reply, ServiceFault
from fake_servers.services.deciding import decide
from fake_servers.services.decision import Answer, Decision, Exchange, ServiceRequest
from fake_servers.store import Store

Met = Sequence[tuple[int, Fault]]
"""The faults that a request meets, with their positions, in script order."""

A = TypeVar("A")
Hears = TypeVar("Hears", contravariant=True)
F = TypeVar("F", bound=Fault)


class Told(Protocol[Hears]):
    """Whoever is told of each fault that fired; a ledger."""

    def fault_fired_on(self, asked: Hears, position: int, fault: Fault) -> None: ...


class Served(Protocol[A]):
    """What a session must be, to be served here. ``A`` is how it knows a request that stands in its journal.

    Attributes:
        deciding: The request that a service decides over right now.
        redirecting: The fault that redirected an exchange last, with its position: it serves the hops too.
        endpoints: Where each exchange can be had, by its name.
    """

    dialect: Dialect
    store: Store
    clock: Clock
    deciding: A | None
    redirecting: dict[Exchange, tuple[int, HttpFault]]
    endpoints: dict[str, str]

    @property
    def ledger(self) -> Told[A]: ...
    def page_url(self, token: str) -> str: ...
    def dice(self, position: int, asked: A) -> Random: ...


class Answered(NamedTuple):
    """What goes out.

    Attributes:
        answer: What the service decided, or ``http`` if a fault spoke instead of it.
        links: The byte faults that the reply will meet.
    """

    reply: Reply | RawReply
    answer: str
    links: Sequence[Link] = ()


Writes = Callable[[Exchange, Decision], Reply]
"""Makes a reply of a decision."""


def answer_exchange(
    session: Served[A],
    asked: A,
    exchange: Exchange,
    request: ServiceRequest,
    met: Met,
    *,
    url: Callable[[], str],
    writes: Writes,
) -> Answered:
    """Let the service and the faults that the request meets answer it.

    Args:
        met: What the script has for this request.
        url: The request's full URL, as the client sees it.
        writes: Makes the reply of the decision.
    """

    def honest() -> tuple[Reply, str]:
        decision = _decision(session, asked, request, met)
        return writes(exchange, decision), decision.answer.value

    return _answered(session, asked, exchange, met, url, honest)


def answer_malformed(
    session: Served[A], asked: A, exchange: Exchange, met: Met, *, url: Callable[[], str], status: int, reason: str
) -> Answered:
    """The same for what could not be understood; the faults of the script meet it all the same."""
    refusal = json_reply(status, reason)
    return _answered(session, asked, exchange, met, url, lambda: (refusal, Answer.MALFORMED.value))


def answer_hop(session: Served[A], asked: A, exchange: Exchange, *, url: Callable[[], str]) -> Answered:
    """The next address of a redirect: whoever redirected the exchange last goes on with it."""
    position, fault = session.redirecting[exchange]
    reply = fault.reply(None, _context(session, position, asked, url))
    session.ledger.fault_fired_on(asked, position, fault)
    return Answered(with_cors(reply) if isinstance(reply, Reply) else reply, "http")


def leads_home(session: Served[A], exchange: Exchange, url: Callable[[], str]) -> bool:
    """Whether the redirects of this exchange end at this address: then the service answers here, undisturbed."""
    return session.redirecting[exchange][1].leads_home(url())


def is_rewritten(met: Met) -> bool:
    """Whether a fault of the script changes what the service said, so that somebody must have written it down."""
    return any(not fault.instead for _, fault in only(HttpFault, met))


def writer(dialect: Dialect) -> Writes:
    """Replies in a dialect, readable by a page of any origin."""
    return partial(_written, dialect.encode_reply)


@lru_cache(maxsize=128)  # most decisions are made again and again
def _written(encode: Writes, exchange: Exchange, decision: Decision) -> Reply:
    return with_cors(encode(exchange, decision))


# ── the service ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _decision(session: Served[A], asked: A, request: ServiceRequest, met: Met) -> Decision:
    """What the service decides, bent by each service fault in turn."""

    bent: Callable[[], Decision] = partial(decide, session.store, request, page_url=session.page_url)
    if faults := only(ServiceFault, met):
        request = replace(request, received_epoch_s=session.clock.epoch_s())
        for position, fault in faults:
            bent = _bent(session, asked, position, fault, request, bent)
    session.deciding = asked
    try:
        return bent()
    finally:
        session.deciding = None


def _bent(
    session: Served[A],
    asked: A,
    position: int,
    fault: ServiceFault,
    request: ServiceRequest,
    honest: Callable[[], Decision],
) -> Callable[[], Decision]:
    def decide_otherwise() -> Decision:
        heard: list[Decision] = []

        def ask() -> Decision:
            heard.append(honest())
            return heard[-1]

        decision = fault.decide(request, ask)
        if heard != [decision] and not (heard and _reads_the_same(session.dialect, request.exchange, heard[0], decision)):
            session.ledger.fault_fired_on(asked, position, fault)
        return decision

    return decide_otherwise


def _reads_the_same(dialect: Dialect, exchange: Exchange, one: Decision, other: Decision) -> bool:
    """Whether the dialect has no word for what differs, so that nothing has happened to anybody."""
    return dialect.encode_reply(exchange, one) == dialect.encode_reply(exchange, other)


# ── HTTP and bytes ───────────────────────────────────────────────────────────────────────────────────────────────────


def _answered(
    session: Served[A],
    asked: A,
    exchange: Exchange,
    met: Met,
    url: Callable[[], str],
    honest: Callable[[], tuple[Reply, str]],
) -> Answered:
    """The reply after every HTTP fault: one that speaks instead of the service, then those that change what was said."""
    if not met:
        return Answered(*honest())
    faults = only(HttpFault, met)
    instead = next((one for one in faults if one[1].instead), None)
    reply, answer = honest() if instead is None else (_instead(session, asked, exchange, instead, url), "http")
    for position, fault in faults:
        if not fault.instead and isinstance(reply, Reply):
            before, reply = reply, fault.reply(reply, _context(session, position, asked, url))
            if reply != before:
                session.ledger.fault_fired_on(asked, position, fault)
    links = [Link(position, fault.stream(session.dice(position, asked))) for position, fault in only(ByteFault, met)]
    return Answered(reply, answer, links)


def _instead(
    session: Served[A], asked: A, exchange: Exchange, speaker: tuple[int, HttpFault], url: Callable[[], str]
) -> Reply | RawReply:
    position, fault = speaker
    reply = fault.reply(None, _context(session, position, asked, url))
    session.ledger.fault_fired_on(asked, position, fault)
    if isinstance(reply, RawReply):
        return reply
    if 300 <= reply.status < 400:
        session.redirecting[exchange] = speaker
    return with_cors(reply)


def _context(session: Served[A], position: int, asked: A, url: Callable[[], str]) -> HttpContext:
    return HttpContext(url(), session.clock.epoch_s(), session.dice(position, asked), session.endpoints)


def only(layer: type[F], met: Met) -> list[tuple[int, F]]:
    """Those of one layer, with their positions."""
    return cast("list[tuple[int, F]]", [one for one in met if one[1].layer is layer.layer])  # isinstance is slow on models


# ── what a journal shows of a request ────────────────────────────────────────────────────────────────────────────────

LIST_LENGTH = 10
"""Names of contents that are shown in full, at least."""

FIELDS = ("device", "client_version", "nonce", "idempotency_key", "computer", "receipt")


@lru_cache(maxsize=64)
def shown_fields(request: ServiceRequest) -> dict[str, str]:
    """What of a request a check may want to read. Not to be changed by the caller."""
    fields = {name: getattr(request, name) for name in FIELDS}
    if not request.silent:
        fields["nonsilent"] = "1"  # as the WMDRM form says it
    lists = {"content": ",".join(request.contents), "licenses": ",".join(request.licenses)}
    shown = {name: value[:SHOWN_CHARACTERS] for name, value in fields.items() if value}
    return shown | {name: value[: SHOWN_CHARACTERS * LIST_LENGTH] for name, value in lists.items() if value}

"""A session: one store of truth, one script, one journal, and a port of its own for each of the four services."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from aiohttp import web

from fake_servers.addresses import PAGE, PATHS
from fake_servers.app import Sent, serve
from fake_servers.clock import Clock
from fake_servers.dialects.base import Dialect
from fake_servers.faults.base import ConnectFault, ConnectPlan, Fault, HandshakePlan, HttpFault, TlsFault
from fake_servers.faults.script import SERVICE_OF, SERVICES, FaultScript, Rule, Service
from fake_servers.gate import By, Gate, HandlerFactory, How
from fake_servers.given import Given
from fake_servers.http_reply import json_reply, outgoing
from fake_servers.journal import Journal
from fake_servers.ledger import Asked, Connection, Ledger
from fake_servers.limits import Limits
from fake_servers.listener import Listener
from fake_servers.services.decision import Answer, Exchange
from fake_servers.store import Store

if TYPE_CHECKING:
    from fake_servers.tls import Authority

logger = logging.getLogger("fake_servers")


class Session:
    """Fake services for one client, with faults of its own. Made by ``FakeServices.open_session``.

    Attributes:
        name: Unique among the sessions that are open.
        endpoints: For each exchange of the dialect, by its value, the absolute URL.
        ports: The port of each service; empty if the session lives on a shared port.
        store: The truth.
        script: The faults, with their accounting.
        ca_pem: What a client has to trust, if the session speaks TLS.
        deciding: The request that a service decides over right now; what changes in the store, changes because of it.
        redirecting: The fault that redirected an exchange last, with its position: it serves the hops too.
    """

    def __init__(
        self,
        *,
        name: str,
        dialect: Dialect,
        script: FaultScript,
        given: Given,
        journal: Journal,
        host: str,
        clock: Clock,
        rng: Random,
        limits: Limits,
        handler_for: HandlerFactory,
        authority: Authority | None = None,
    ) -> None:
        self.name, self.dialect, self.script, self.host = name, dialect, script, host
        self.clock, self.limits, self.authority = clock, limits, authority
        self.endpoints: dict[str, str] = {}
        self.ports: dict[Service, int] = {}
        self.redirecting: dict[Exchange, tuple[int, HttpFault]] = {}
        self.handler_for = handler_for
        self._loop = asyncio.get_running_loop()
        self._seed = rng.getrandbits(64)
        self.store = Store(given, clock=clock, rng=Random(rng.getrandbits(64)), on_change=self._truth_changed)
        self.ledger = Ledger(script, journal, self._loop)
        self._listeners: dict[Service, Listener] = {}
        self.deciding: Asked | None = None
        self._began_s: float | None = None
        self._windows_left: Counter[str] = Counter(rule.when.service or "" for _, rule in script.windows())
        self._refusing: Counter[Service] = Counter()
        self._timers: list[asyncio.TimerHandle] = []
        self._resuming: list[asyncio.Task[None]] = []
        self._shutting: asyncio.Task[None] | None = None

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self, *, hold_ports: bool) -> None:
        """Open a port for each service.

        Raises:
            ListenError: None is to be had, or no certificate for it; nothing stays open.
        """
        if self.authority is not None:
            self._prepare_certificates(self.authority)
        try:
            for service in SERVICES:
                listener = Listener(partial(Gate, ServicePort(self, service), self._loop), self.host, hold_port=hold_ports)
                self._listeners[service] = listener
                await listener.open()
                self.ports[service] = listener.port
        except BaseException:
            self._close_listeners()
            raise
        self.give_addresses(lambda service: f"{self.scheme}://{in_url(self.host)}:{self.ports[service]}")

    def give_addresses(self, origin: Callable[[Service], str]) -> None:
        """Fill ``endpoints``; ``origin`` is what comes before a service's path."""
        self._origin = origin
        self.endpoints = {
            exchange.value: origin(SERVICE_OF[exchange]) + path
            for exchange, path in PATHS.items()
            if exchange in self.dialect.exchanges
        }

    def begin(self) -> None:
        """Time zero of the script's windows. Call it once.

        Raises:
            RuntimeError: It was called before.
        """
        if self._began_s is not None:
            raise RuntimeError(f"session {self.name!r} began already")
        self._began_s = self._loop.time()
        for position, rule in self.script.windows():
            self._at(rule.when.from_s or 0.0, partial(self._window_opens, position, rule))

    async def close(self) -> None:
        """Give up what is under way, close every connection and port, and journal it. May be called again."""
        if self._shutting is None:
            self._shutting = self._loop.create_task(self._shut())
        await asyncio.shield(self._shutting)

    async def _shut(self) -> None:
        for timer in self._timers:
            timer.cancel()
        self._close_listeners()
        for task in self._resuming:
            task.cancel()
        gates = []
        for connection in list(self.ledger.open.values()):
            gate = connection.gate
            if list(gate.connections) == [self.name]:
                gate.leave()
                gates.append(gate)
            else:  # a connection to the shared port that other sessions use, too
                del gate.connections[self.name]
                self.ledger.connection_closed(connection, "server", "fin")
        await see_off(gates, self.limits.drain_s)

    def _close_listeners(self) -> None:
        for listener in self._listeners.values():
            listener.close()

    # ── what others ask it ───────────────────────────────────────────────────────────────────────────────────────────

    @property
    def open_connections(self) -> int:
        """Connections that are open now."""
        return len(self.ledger.open)

    @property
    def tls(self) -> bool:
        return self.authority is not None

    @property
    def scheme(self) -> str:
        return "https" if self.tls else "http"

    @property
    def ca_pem(self) -> bytes | None:
        return self.authority.ca_pem if self.authority is not None else None

    @property
    def elapsed_s(self) -> float:
        """Seconds since ``begin()``; before it, -1, so that no window is open."""
        return -1.0 if self._began_s is None else self._loop.time() - self._began_s

    def page_url(self, token: str) -> str:
        """Where a user completes the page with this token."""
        return f"{self._origin('license')}{PAGE}{token}"

    def dice(self, position: int, asked: Asked) -> Random:
        """Randomness for one fault on one request: the same in every run, in whatever order requests come in."""
        return Random(f"{self._seed}/{position}/{asked.exchange}/{asked.nth}")

    def may_keep_alive(self, service: str) -> bool:
        """Whether a connection of ``service`` may live on: not while a rule awaits a later one, or a window is to come."""
        return not (self._windows_left[service] or self.script.scripted_for(service, self.ledger.accepted[service] + 1))

    def _truth_changed(self, service: str, what: str, data: dict[str, Any]) -> None:
        self.ledger.truth_changed(service, what, data, self.deciding)

    # ── windows of time ──────────────────────────────────────────────────────────────────────────────────────────────

    def _at(self, elapsed_s: float, then: Callable[[], None]) -> None:
        """At once if it is due, so that the client's first step comes after it."""
        assert self._began_s is not None
        due_s = self._began_s + elapsed_s
        if due_s <= self._loop.time():
            then()
        else:
            self._timers.append(self._loop.call_at(due_s, then))

    def _window_opens(self, position: int, rule: Rule) -> None:
        service, refuses = rule.when.service, _refuses(rule.fault)
        assert service is not None
        if refuses:
            self.script.matched(position)
            self._refusing[service] += 1
            if self._refusing[service] == 1:
                self._listeners[service].stop()
                self.ledger.listener_changed(service, listening=False)
        for connection in list(self.ledger.open.values()):
            if connection.service == service and connection.open_request is None:
                connection.gate.leave()
        until_s = (rule.when.from_s or 0.0) + (rule.when.for_s or 0.0)
        self._at(until_s, partial(self._window_closes, service, refuses=refuses))

    def _window_closes(self, service: Service, *, refuses: bool) -> None:
        self._windows_left[service] -= 1
        if refuses:
            self._refusing[service] -= 1
            if self._refusing[service] == 0:
                self._resuming.append(self._loop.create_task(self._resume(service)))

    async def _resume(self, service: Service) -> None:
        try:
            await self._listeners[service].resume()
        except OSError:
            logger.exception("the %s service of session %r cannot listen again", service, self.name)
            return
        if not self._refusing[service]:
            self.ledger.listener_changed(service, listening=True)

    def _prepare_certificates(self, authority: Authority) -> None:
        """Now: to read one takes a while, and the host may have none."""
        for plan in dict.fromkeys(
            (None, *(rule.fault.handshake() for rule in self.script.rules if isinstance(rule.fault, TlsFault)))
        ):
            if plan is not HandshakePlan.CUT:
                authority.context(plan, self.host)


class ServicePort:
    """The desk of one service of one session: decides what becomes of each connection to its port."""

    def __init__(self, session: Session, service: Service) -> None:
        self._session = session
        self._service: Service = service

    def opened(self, gate: Gate) -> None:
        session, ledger = self._session, self._session.ledger
        connection = ledger.connection_opened(gate, self._service, tls=session.tls)
        gate.connections[session.name] = connection
        met = session.script.for_connection(self._service, connection.nth, session.elapsed_s)
        if len(ledger.open) > session.limits.connections:
            gate.turn_away()
        elif met is None:
            self._admit(gate, connection)
        else:
            self._meet(gate, connection, *met)

    def lost(self, gate: Gate, by: By, how: How) -> None:
        for connection in gate.connections.values():
            connection.close(by, how)

    def answer(self, gate: Gate, request: web.BaseRequest) -> Awaitable[Sent]:
        connection = gate.connections[self._session.name]
        return serve(self._session, connection, request, request.path, (self._service,))

    def refuse(self, gate: Gate, status: int, reason: str) -> Sent:
        ledger = self._session.ledger
        asked = ledger.request_received(
            gate.connections[self._session.name],
            self._service,
            "unknown",
            method="",
            path="",
            headers={},
            problem=reason,
        )
        out = outgoing(json_reply(status, reason), epoch_s=self._session.clock.epoch_s(), keep_alive=False)
        gate.send(out.data)
        ledger.reply_sent(asked, out, Answer.MALFORMED.value, sent_bytes=len(out.data), is_whole=True)
        return Sent(keep_alive=False)

    def _meet(self, gate: Gate, connection: Connection, position: int, fault: Fault) -> None:
        """A fault is due on this connection. It fires when the client can notice, or would have been heard."""
        fired = partial(self._session.ledger.fault_fired_at, connection, position, fault)
        match _plan(fault):
            case ConnectPlan.SILENCE:
                gate.on_first_bytes(fired)
            case ConnectPlan.RESET:
                fired()
                gate.reset()
            case HandshakePlan.CUT:
                gate.on_first_bytes(partial(self._cut, gate, connection, fired))
            case HandshakePlan() as bad:
                gate.on_first_bytes(fired)
                self._admit(gate, connection, bad)
            case _:  # refused: it knocked before the door was shut
                self._admit(gate, connection)

    def _cut(self, gate: Gate, connection: Connection, fired: Callable[[], None]) -> None:
        fired()
        self._session.ledger.handshake_failed(connection, "cut after the client's first flight, as scripted")
        gate.reset()

    def _admit(self, gate: Gate, connection: Connection, bad: HandshakePlan | None = None) -> None:
        session = self._session
        if session.authority is None:
            gate.admit(session.handler_for)
        else:
            context = session.authority.context(bad, session.host)
            gate.admit_over_tls(session.handler_for, context, partial(session.ledger.handshake_failed, connection))


async def see_off(gates: Sequence[Gate], drain_s: float) -> None:
    """Wait until gates that were left are gone; drop those whose clients take nothing more within ``drain_s``."""
    for _ in range(2):
        waiting = [gate.gone for gate in gates if not gate.gone.done()]
        if not waiting:
            return
        await asyncio.wait(waiting, timeout=drain_s)
        for gate in gates:
            gate.abort()


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _plan(fault: Fault) -> ConnectPlan | HandshakePlan | None:
    if isinstance(fault, ConnectFault):
        return fault.on_connect()
    return fault.handshake() if isinstance(fault, TlsFault) else None


def _refuses(fault: Fault) -> bool:
    return _plan(fault) is ConnectPlan.REFUSE

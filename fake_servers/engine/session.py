"""A session: one store of truth, one script, one journal, and a port of its own for each of the four services."""

from __future__ import annotations

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Any

from fake_servers.clock import Clock
from fake_servers.dialects.base import Dialect
from fake_servers.engine.addresses import PAGE, PATHS
from fake_servers.engine.gate import Desk, Gate, HandlerFactory
from fake_servers.engine.ledger import Asked, Ledger
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import Listener
from fake_servers.faults.base import HandshakePlan, HttpFault, TlsFault
from fake_servers.faults.early import refuses
from fake_servers.faults.script import SERVICE_OF, SERVICES, FaultScript, Rule, Service
from fake_servers.given import Given
from fake_servers.journal import Journal
from fake_servers.services.decision import Exchange
from fake_servers.store import Store

if TYPE_CHECKING:
    from fake_servers.engine.tls import Authority

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

    async def listen(self, desk_for: Callable[[Session, Service], Desk], *, hold_ports: bool) -> None:
        """Open a port for each service; ``desk_for`` makes the one who decides there what becomes of each connection.

        Raises:
            ListenError: None is to be had, or no certificate for it; nothing stays open.
        """
        if self.authority is not None:
            self._prepare_certificates(self.authority)
        try:
            for service in SERVICES:
                listener = Listener(partial(Gate, desk_for(self, service), self._loop), self.host, hold_port=hold_ports)
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
        service, does_refuse = rule.when.service, refuses(rule.fault)
        assert service is not None
        if does_refuse:
            self.script.matched(position)
            self._refusing[service] += 1
            if self._refusing[service] == 1:
                self._listeners[service].stop()
                self.ledger.listener_changed(service, listening=False)
        for connection in list(self.ledger.open.values()):
            if connection.service == service and connection.open_request is None:
                connection.gate.leave()
        until_s = (rule.when.from_s or 0.0) + (rule.when.for_s or 0.0)
        self._at(until_s, partial(self._window_closes, service, refuses=does_refuse))

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

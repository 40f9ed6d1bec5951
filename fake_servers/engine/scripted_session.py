"""What every session is to the network: a script, a journal, and ports where the script's early faults stand.

Who answers on them, its subclasses know: our own services (``Session``), or a license server of somebody else's.
"""

from __future__ import annotations

import asyncio
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Self

from aiohttp import web

from fake_servers.clock import Clock
from fake_servers.engine.gate import Desk, Gate, HandlerFactory
from fake_servers.engine.ledger import Asked, Connection, Ledger
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import Listener
from fake_servers.faults.base import HandshakePlan, TlsFault
from fake_servers.faults.early import refuses
from fake_servers.faults.script import SERVICES, FaultScript, Rule, Service
from fake_servers.journal import Journal

if TYPE_CHECKING:
    from fake_servers.engine.tls import Authority

logger = logging.getLogger("fake_servers")


class ScriptedSession(ABC):
    """One client's part of the network, with faults of its own.

    Attributes:
        name: Unique among the sessions that are open.
        endpoints: For each exchange that can be had, by its value, the absolute URL.
        ports: The port of each service; empty if the session lives on a shared port.
        script: The faults, with their accounting.
        ca_pem: What a client has to trust, if the session speaks TLS.
    """

    SERVICES: tuple[Service, ...] = SERVICES
    """Each has a port of its own, unless the session lives on a shared one."""

    def __init__(
        self,
        *,
        name: str,
        script: FaultScript,
        journal: Journal,
        host: str,
        clock: Clock,
        rng: Random,
        limits: Limits,
        handler_for: HandlerFactory,
        authority: Authority | None = None,
    ) -> None:
        self.name, self.script, self.host = name, script, host
        self.clock, self.limits, self.authority = clock, limits, authority
        self.endpoints: dict[str, str] = {}
        self.ports: dict[Service, int] = {}
        self.handler_for = handler_for
        self._loop = asyncio.get_running_loop()
        self._seed = rng.getrandbits(64)
        self.ledger = Ledger(script, journal, self._loop)
        self._listeners: dict[Service, Listener] = {}
        self._began_s: float | None = None
        self._windows_left: Counter[str] = Counter(rule.when.service or "" for _, rule in script.windows())
        self._refusing: Counter[Service] = Counter()
        self._timers: list[asyncio.TimerHandle] = []
        self._resuming: list[asyncio.Task[None]] = []
        self._shutting: asyncio.Task[None] | None = None

    # ── who answers ──────────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def answer(
        self, connection: Connection, request: web.BaseRequest, path: str, services: Sequence[Service]
    ) -> Awaitable[web.StreamResponse]:
        """Answer one request; returns once its reply is out, or can no longer get out.

        Args:
            path: As the session counts it: on a shared port, without what names the session.
            services: Those that can be had on this port.
        """

    @abstractmethod
    def give_addresses(self, origin: Callable[[Service], str]) -> None:
        """Fill ``endpoints``; ``origin`` is what comes before a service's path."""

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def listen(self, desk_for: Callable[[Self, Service], Desk], *, hold_ports: bool, port: int = 0) -> None:
        """Open a port for each service.

        Args:
            desk_for: Makes the one who decides there what becomes of each connection.
            port: For a session of one service only; 0 takes a free one.

        Raises:
            ListenError: None is to be had, or no certificate for it; nothing stays open.
        """
        if self.authority is not None:
            self._prepare_certificates(self.authority)
        try:
            for service in self.SERVICES:
                listener = Listener(partial(Gate, desk_for(self, service), self._loop), self.host, port, hold_port=hold_ports)
                self._listeners[service] = listener
                await listener.open()
                self.ports[service] = listener.port
        except BaseException:
            self._close_listeners()
            raise
        self.give_addresses(lambda service: f"{self.scheme}://{in_url(self.host)}:{self.ports[service]}")

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

    def dice(self, position: int, asked: Asked) -> Random:
        """Randomness for one fault on one request: the same in every run, in whatever order requests come in."""
        return Random(f"{self._seed}/{position}/{asked.exchange}/{asked.nth}")

    def may_keep_alive(self, service: str) -> bool:
        """Whether a connection of ``service`` may live on: not while a rule awaits a later one, or a window is to come."""
        return not (self._windows_left[service] or self.script.scripted_for(service, self.ledger.accepted[service] + 1))

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

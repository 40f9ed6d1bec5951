"""What every session is to the network: a script, a journal, and ports where the script's early faults stand.

Who answers on them, its subclasses know: our own services (``Session``), or a license server of somebody else's.
"""

from __future__ import annotations

import asyncio
import hmac
import logging
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Self

from aiohttp import web

from fake_servers.clock import Clock
from fake_servers.engine.gate import Desk, Gate, HandlerFactory
from fake_servers.engine.ledger import Asked, Connection, Ledger
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import Listener
from fake_servers.faults.base import ConnectPlan, HandshakeAlert, HandshakePlan, TlsFault
from fake_servers.faults.early import plan_of
from fake_servers.faults.script import SERVICES, FaultScript, Rule, Service
from fake_servers.journal import Journal
from fake_servers.services.decision import Exchange

if TYPE_CHECKING:
    from fake_servers.engine.tls import Authority

logger = logging.getLogger("fake_servers")

KEY_PATH = "/k/"
"""Before a session's key, in the path of a request from another machine."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """With what a session is opened, whoever answers in it.

    Attributes:
        name: Unique among the sessions that are open.
        clock: The date that its services go by.
        rng: Every choice is drawn from it.
        limits: What its client can cost at most.
        handler_for: Makes what reads requests on a connection.
        authority: Speak TLS, with a certificate of this authority.
        key: What the path of every request must begin with, if other machines can come.
    """

    name: str
    script: FaultScript
    journal: Journal
    host: str
    clock: Clock
    rng: Random
    limits: Limits
    handler_for: HandlerFactory
    authority: Authority | None = None
    key: str | None = None


class ScriptedSession(ABC):
    """One client's part of the network, with faults of its own.

    Attributes:
        name: Unique among the sessions that are open.
        endpoints: For each exchange that can be had, by its value, the absolute URL.
        services: Each has a port of its own, unless the session lives on a shared one.
        ports: The port of each service; empty if the session lives on a shared port.
        script: The faults, with their accounting.
        ca_pem: What a client has to trust, if the session speaks TLS.
        key: What the path of every request must begin with, if other machines can come; ``None`` if none can.
    """

    def __init__(self, opening: Opening) -> None:
        self.name, self.host, self.key = opening.name, opening.host, opening.key
        self.clock, self.limits, self.authority = opening.clock, opening.limits, opening.authority
        self.endpoints: dict[str, str] = {}
        self.services: tuple[Service, ...] = SERVICES
        self.ports: dict[Service, int] = {}
        self.handler_for = opening.handler_for
        self._loop = asyncio.get_running_loop()
        self._seed = opening.rng.getrandbits(64)
        self._listeners: dict[Service, Listener] = {}
        self._resuming: list[asyncio.Task[None]] = []
        self._shutting: asyncio.Task[None] | None = None
        self._take_up(opening.script, opening.journal)

    def _take_up(self, script: FaultScript, journal: Journal) -> None:
        """A script all of whose faults wait, and every number from 1."""
        self.script = script
        script.place = self
        self.ledger = Ledger(script, journal, self._loop)
        self._began_s: float | None = None
        self._windows_left: Counter[str] = Counter(rule.when.service or "" for _, rule in script.windows())
        self._refusing: Counter[Service] = Counter()
        self._deaf: Counter[Service] = Counter()
        self._timers: list[asyncio.TimerHandle] = []

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
            self._prepare_certificates(self.authority, self.script)
        try:
            for service in self.services:
                listener = Listener(partial(Gate, desk_for(self, service), self._loop), self.host, port, hold_port=hold_ports)
                self._listeners[service] = listener
                await listener.open()
                self.ports[service] = listener.port
        except BaseException:
            self._close_listeners()
            raise
        self.give_addresses(lambda service: f"{self.scheme}://{in_url(self.host)}:{self.ports[service]}{key_path(self.key)}")

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
        self._cancel_timers()
        self._close_listeners()
        for task in self._resuming:
            task.cancel()
        await see_off(self._dismiss(), self.limits.drain_s)

    async def renew(self, script: FaultScript, journal: Journal) -> None:
        """Begin again at the same addresses as if nothing had happened: a script all of whose faults wait, every number from 1.

        What is under way is given up, and every connection closed; that still goes into the old journal.

        Raises:
            ListenError: There is no certificate for what the script asks for; then nothing has changed.
        """
        if self.authority is not None:
            self._prepare_certificates(self.authority, script)
        self._cancel_timers()
        parting = self._dismiss()
        self._take_up(script, journal)
        await asyncio.gather(*self._resuming)
        self._resuming.clear()
        for listener in self._listeners.values():
            await listener.resume()  # one that the old script had stopped
        if self._shutting is None:
            self.begin()
        await see_off(parting, self.limits.drain_s)

    def stop_listening(self) -> None:
        """Take no further connection. Those that are open live on."""
        self._cancel_timers()
        self._close_listeners()

    def _cancel_timers(self) -> None:
        for timer in self._timers:
            timer.cancel()

    def _dismiss(self) -> list[Gate]:
        """Leave every connection; those that are to be seen off."""
        gates = []
        for connection in list(self.ledger.open.values()):
            gate = connection.gate
            if list(gate.connections) == [self.name]:
                gate.leave()
                gates.append(gate)
            else:  # a connection to the shared port that other sessions use, too
                del gate.connections[self.name]
                self.ledger.connection_closed(connection, "server", "fin")
        return gates

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
        return (self.authority.ca_pem or None) if self.authority is not None else None

    @property
    def elapsed_s(self) -> float:
        """Seconds since ``begin()``; before it, -1, so that no window is open."""
        return -1.0 if self._began_s is None else self._loop.time() - self._began_s

    def path_within(self, path: str) -> str | None:
        """What comes after the session's key in a path; None if the key is not there."""
        if self.key is None:
            return path
        given, slash, rest = path.removeprefix(KEY_PATH).partition("/")
        is_right = path.startswith(KEY_PATH) and hmac.compare_digest(given.encode(), self.key.encode())
        return slash + rest if is_right else None

    def dice(self, position: int, asked: Asked) -> Random:
        """Randomness for one fault on one request: the same in every run, in whatever order requests come in."""
        return Random(f"{self._seed}/{position}/{asked.exchange}/{asked.nth}")

    def chance(self, position: int, exchange: Exchange, nth: int) -> Random:
        """Randomness for whether a fault meets a request; none of what the fault itself draws from."""
        return Random(f"{self._seed}/{position}/{exchange}/{nth}/chance")

    @property
    def waiting(self) -> int:
        """Requests that wait for their reply now."""
        return sum(connection.open_request is not None for connection in self.ledger.open.values())

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
        service, shut_by = rule.when.service, plan_of(rule.fault)
        assert service is not None
        if shut_by is ConnectPlan.REFUSE:
            self.script.matched(position)
            self._refusing[service] += 1
            if self._refusing[service] == 1:
                self._listeners[service].stop()
                self.ledger.listener_changed(service, listening=False)
        elif shut_by is ConnectPlan.DROP:
            self.script.matched(position)
            self._deaf[service] += 1
            self._listeners[service].deafen(partial(self.script.fired, position))
            self.ledger.listener_deaf(service, deaf=True)
        for connection in list(self.ledger.open.values()):
            if connection.service == service and connection.open_request is None:
                connection.gate.leave()
        until_s = (rule.when.from_s or 0.0) + (rule.when.for_s or 0.0)
        self._at(until_s, partial(self._window_closes, service, shut_by))

    def _window_closes(self, service: Service, shut_by: object) -> None:
        self._windows_left[service] -= 1
        if shut_by is ConnectPlan.DROP:
            self._deaf[service] -= 1
            if self._deaf[service] == 0:
                self._listeners[service].hear_again()
                self.ledger.listener_deaf(service, deaf=False)
        elif shut_by is ConnectPlan.REFUSE:
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

    def _prepare_certificates(self, authority: Authority, script: FaultScript) -> None:
        """Now: to read one takes a while, and the host may have none."""
        for plan in dict.fromkeys(
            (None, *(rule.fault.handshake() for rule in script.rules if isinstance(rule.fault, TlsFault)))
        ):
            if plan is not HandshakePlan.CUT and not isinstance(plan, HandshakeAlert):
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


def key_path(key: str | None) -> str:
    """The path that stands before all others of a session with this key."""
    return "" if key is None else KEY_PATH + key


def in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host

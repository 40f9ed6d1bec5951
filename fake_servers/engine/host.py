"""The host of all sessions: ``FakeServices``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from random import Random
from types import TracebackType
from typing import TYPE_CHECKING, ClassVar, Self

from fake_servers.clock import SYSTEM_CLOCK, Clock
from fake_servers.dialects import DIALECTS
from fake_servers.engine.app import serve
from fake_servers.engine.gate import HandlerFactory
from fake_servers.engine.handler import handler_factory
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import Listener, checked_host
from fake_servers.engine.scripted_session import Opening, ScriptedSession, in_url, key_path, see_off
from fake_servers.engine.service_port import ServicePort
from fake_servers.engine.session import Session
from fake_servers.engine.shared_port import SharedPort, prefix_of
from fake_servers.errors import ListenError, ScriptError
from fake_servers.faults.base import Layer
from fake_servers.faults.script import FaultScript
from fake_servers.given import Given
from fake_servers.journal import Journal
from fake_servers.services.decision import Exchange
from fake_servers.stores import InMemory, Stores

if TYPE_CHECKING:
    from fake_servers.engine.tls import Authority

DEFAULT_NAME = "default"
"""On a shared port, the session of requests that name none."""

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


class FakeServices:
    """Opens sessions of fake license services; an async context manager that closes them all.

    Args:
        clock: The date that the services go by.
        rng: Every choice is drawn from it, in the order in which sessions are opened.
        host: A name or address of this machine alone; on a simulated network, whatever it knows.
        hold_ports: Keep a port while the script refuses connections to it. Set it to False on a simulated network, where no
            real socket may be made.
        authority: Whose certificates TLS sessions show; by default the stored ones.
        limits: What a client can cost at most.
        stores: Where the truth is kept, of sessions that shall outlive this; by default nowhere.
        keys: Makes of a session's name what its addresses must hold. With it, ``host`` may be an address that other machines
            can reach, and every session speaks TLS.

    Raises:
        ListenError: ``host`` is not this machine alone.
    """

    PORT: ClassVar[type[ServicePort]] = ServicePort
    SHARED_PORT: ClassVar[type[SharedPort]] = SharedPort

    def __init__(
        self,
        *,
        clock: Clock = SYSTEM_CLOCK,
        rng: Random,
        host: str = "127.0.0.1",
        hold_ports: bool = True,
        authority: Authority | None = None,
        limits: Limits | None = None,
        stores: Stores | None = None,
        keys: Callable[[str], str] | None = None,
    ) -> None:
        self._host = checked_host(host) if hold_ports and keys is None else host
        self._keys = keys
        self._clock, self._rng, self._hold_ports = clock, rng, hold_ports
        self._authority = authority
        self._limits = limits or Limits()
        self._stores = stores or InMemory()
        self._sessions: dict[str, ScriptedSession] = {}  # every open one
        self._on_shared: dict[str, ScriptedSession] = {}
        self._opened = 0
        self._handler_for: HandlerFactory | None = None
        self._shared: SharedPort | None = None
        self._shared_listener: Listener | None = None
        self._shared_authority: Authority | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.close()

    async def open_session(
        self,
        *,
        dialect: str,
        script: FaultScript,
        given: Given,
        journal: Journal,
        tls: bool = False,
        name: str | None = None,
        shared: bool = False,
        outlives: bool = True,
    ) -> Session:
        """Open fake services for one client.

        Args:
            dialect: The wire format, by its registered name.
            script: Used up by this session: it holds what became of each rule.
            tls: Speak HTTPS. A session on the shared port speaks what that port speaks.
            name: By default ``s1``, ``s2`` and so on.
            shared: Live on the shared port, rather than on four ports of its own.
            outlives: Its truth is kept under its name, if it has one, where ``stores`` keeps it, and taken up from there.

        Raises:
            UnknownNameError: No such dialect.
            ScriptError: The script cannot be carried out in such a session.
            ListenError: No port is to be had, or the name is taken or no good.
            StateError: What is kept of its truth cannot be had, or began otherwise.
        """
        spoken = DIALECTS[dialect]
        check_script(script, spoken.exchanges, f"the dialect {dialect!r}", tls=tls, shared=shared)
        opening = self._opening(name, script, journal, tls=tls, shared=shared)
        stores = self._stores if outlives and name is not None else InMemory()
        session = Session(opening, dialect=spoken, given=given, stores=stores, answers=serve)
        if self._keys is not None and not session.tls:
            raise ListenError("other machines can come here, so every session speaks TLS (tls=True)")
        await self._place(session, shared=shared)
        return session

    def _opening(self, name: str | None, script: FaultScript, journal: Journal, *, tls: bool, shared: bool) -> Opening:
        name = self._new_name(name)
        return Opening(
            name=name,
            script=script,
            journal=journal,
            host=self._host,
            clock=self._clock,
            rng=Random(self._rng.getrandbits(64)),
            limits=self._limits,
            handler_for=self._handlers(),
            authority=self._shared_authority if shared else self._certifying() if tls else None,
            key=self._keys(name) if self._keys is not None else None,
        )

    async def _place(self, session: ScriptedSession, *, shared: bool, port: int = 0) -> None:
        """Give a session its addresses, and count it among the open ones."""
        if shared:
            origin = self._shared_origin() + prefix_of(session.name) + key_path(session.key)
            session.give_addresses(lambda _: origin)
            self._on_shared[session.name] = session
        else:
            await session.listen(self.PORT, hold_ports=self._hold_ports, port=port)
        self._sessions[session.name] = session

    async def listen_shared(self, port: int = 0, *, tls: bool = False) -> dict[str, str | int]:
        """Open the shared port; sessions that are opened with ``shared`` live on it.

        Args:
            port: 0 takes a free one.
            tls: Speak HTTPS on it.

        Returns:
            ``host``, ``port`` and ``url``.

        Raises:
            ListenError: The port is not to be had, or one is open already.
        """
        if self._shared_listener is not None:
            raise ListenError(f"the shared port is open already, at {self._shared_origin()}")
        authority = self._certifying() if tls else None
        self._shared = self.SHARED_PORT(
            self._on_shared,
            alone=DEFAULT_NAME,
            host=self._host,
            clock=self._clock,
            limits=self._limits,
            handler_for=self._handlers(),
            authority=authority,
        )
        listener = self._shared.listener(port, hold_port=self._hold_ports)
        await listener.open()
        self._shared_listener, self._shared_authority = listener, authority
        return {"host": self._host, "port": listener.port, "url": self._shared_origin()}

    async def renew_session(self, session: Session, script: FaultScript, given: Given, journal: Journal) -> None:
        """Begin a session anew at its addresses: another script, the truth as given, every number from 1.

        Raises:
            ScriptError: The script cannot be carried out in this session; then nothing has changed.
            ListenError: There is no certificate for what it asks for; then nothing has changed.
            StateError: The state file does not take it; then nothing has changed.
        """
        dialect = session.dialect
        shared = session.name in self._on_shared
        check_script(script, dialect.exchanges, f"the dialect {dialect.name!r}", tls=session.tls, shared=shared)
        await session.begin_anew(script, given, journal)

    def stop_listening(self) -> None:
        """Take no further connection anywhere. Those that are open live on, until ``close()``."""
        for session in self._sessions.values():
            session.stop_listening()
        if self._shared_listener is not None:
            self._shared_listener.close()

    async def close_session(self, session: ScriptedSession) -> None:
        """Close one session; its name is free again."""
        self._on_shared.pop(session.name, None)
        await session.close()
        self._sessions.pop(session.name, None)

    async def close(self) -> None:
        """Close every session and port. May be called again."""
        for session in list(self._sessions.values()):
            await self.close_session(session)
        if self._shared_listener is not None and self._shared is not None:
            self._shared_listener.close()
            gates = list(self._shared.gates)
            for gate in gates:
                gate.leave()
            await see_off(gates, self._limits.drain_s)
            self._shared = self._shared_listener = None

    def _new_name(self, name: str | None) -> str:
        self._opened += 1
        name = name or f"s{self._opened}"
        if name in self._sessions:
            raise ListenError(f"a session named {name!r} is open already: close it, or choose another name")
        if not NAME.fullmatch(name):
            raise ListenError(f"{name!r} cannot name a session: use up to 64 letters, digits, '.', '_' and '-'")
        return name

    def _handlers(self) -> HandlerFactory:
        if self._handler_for is None:
            self._handler_for = handler_factory(self._limits)
        return self._handler_for

    def _certifying(self) -> Authority:
        if self._authority is None:
            from fake_servers.engine.tls import process_authority

            self._authority = process_authority()
        return self._authority

    def _shared_origin(self) -> str:
        if self._shared_listener is None:
            raise ListenError("no shared port is open: call listen_shared() before opening a session on it")
        scheme = "http" if self._shared_authority is None else "https"
        return f"{scheme}://{in_url(self._host)}:{self._shared_listener.port}"


def check_script(script: FaultScript, exchanges: Collection[Exchange], who: str, *, tls: bool, shared: bool) -> None:
    """See that a script can be carried out by ``who``, where these exchanges can be had.

    Raises:
        ScriptError: It cannot; the text says which fault, and why.
    """
    for position, rule in enumerate(script.rules):
        where, fault, exchange = f"fault {position + 1} of the script", rule.fault, rule.when.exchange
        if shared and fault.layer in (Layer.CONNECT, Layer.TLS):
            raise ScriptError(
                f"{where}: {fault.name!r} acts before a request is read, when nobody knows yet whose connection it is; "
                "it needs a session with ports of its own (shared=False)"
            )
        if fault.layer is Layer.TLS and not tls:
            raise ScriptError(f"{where}: {fault.name!r} acts in the TLS handshake, and this session has none (tls=True)")
        if exchange is not None and exchange not in exchanges:
            carried = ", ".join(sorted(exchanges))
            raise ScriptError(f"{where}: {who} has no exchange {exchange.value!r}, only {carried}")

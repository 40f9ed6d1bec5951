"""One port for many sessions, for clients that can be given one address only.

A request names its session by the header ``X-Session``, by the path prefix ``/s/<name>``, or by ``?session=<name>``. What a
connection is to a session begins with its first request there. Before that nobody knows whose it is, so a script with connect
or TLS faults cannot be carried out here.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

from aiohttp import web

from fake_servers.clock import Clock
from fake_servers.engine.addresses import service_at
from fake_servers.engine.app import Sent
from fake_servers.engine.gate import By, Gate, HandlerFactory, How
from fake_servers.engine.http_reply import json_reply, outgoing
from fake_servers.engine.ledger import connection_of
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import Listener
from fake_servers.faults.script import Service

if TYPE_CHECKING:
    from fake_servers.engine.scripted_session import ScriptedSession
    from fake_servers.engine.tls import Authority

HEADER, QUERY, PREFIX = "X-Session", "session", "/s/"


def prefix_of(name: str) -> str:
    """The path that stands before those of a session."""
    return PREFIX + quote(name, safe="")


class SharedPort:
    """The desk of every connection to the shared port.

    Attributes:
        HOW_TO: How a request names its session.

    Args:
        sessions: Those that can be had here, by name; looked up anew for each request.
        alone: The session of requests that name none, if there is one.
        authority: Speak TLS, with a certificate of this authority.
    """

    HOW_TO = f"name one by the header {HEADER}, by the path {PREFIX}<name>/... or by ?{QUERY}=<name>"

    def __init__(
        self,
        sessions: Mapping[str, ScriptedSession],
        *,
        alone: str,
        host: str,
        clock: Clock,
        limits: Limits,
        handler_for: HandlerFactory,
        authority: Authority | None = None,
    ) -> None:
        self.gates: dict[Gate, None] = {}
        self._sessions = sessions
        self._alone = alone
        self._clock = clock
        self._limits = limits
        self._handler_for = handler_for
        self._host = host
        self._context = authority.context(None, host) if authority is not None else None

    def listener(self, port: int, *, hold_port: bool) -> Listener:
        """A listener, not yet open, whose connections come here."""
        return Listener(partial(Gate, self, asyncio.get_running_loop()), self._host, port, hold_port=hold_port)

    def opened(self, gate: Gate) -> None:
        self.gates[gate] = None
        if len(self.gates) > self._limits.shared_connections:
            gate.turn_away()
        elif self._context is not None:
            gate.admit_over_tls(self._handler_for, self._context, failed=lambda detail: None)  # nobody's: in no journal
        else:
            gate.admit(self._handler_for)

    def lost(self, gate: Gate, by: By, how: How) -> None:
        del self.gates[gate]
        for connection in gate.connections.values():
            connection.close(by, how)

    async def answer(self, gate: Gate, request: web.BaseRequest) -> web.StreamResponse:
        name, path = self.named(request)
        session = self._sessions.get(name or self._alone)
        if session is None:
            return self.refuse(gate, 404, f"no session is named {name!r}" if name else f"which session? {self.HOW_TO}")
        if session.key is not None:
            within = session.path_within(path)
            if within is None:  # as if there were no such session, and none could be told from another
                return self.refuse(gate, 404, "there is nothing at this address; each session's own holds a key")
            path = within
        if session.name not in gate.connections:
            if session.open_connections >= session.limits.connections:
                gate.turn_away()
                return Sent(keep_alive=False)
            gate.connections[session.name] = session.ledger.connection_opened(gate, _service(session, path), tls=session.tls)
        return await session.answer(connection_of(gate, session.name), request, path, session.services)

    def refuse(self, gate: Gate, status: int, reason: str) -> Sent:
        """Nobody's request: it stands in no journal."""
        out = outgoing(json_reply(status, reason), epoch_s=self._clock.epoch_s(), keep_alive=False)
        gate.send(out.data)
        return Sent(keep_alive=False)

    def named(self, request: web.BaseRequest) -> tuple[str, str]:
        """The session that a request names (``""`` if none), and its path within the session."""
        path = request.path
        if path.startswith(PREFIX):
            name, slash, rest = path[len(PREFIX) :].partition("/")
            return name, slash + rest
        return request.headers.get(HEADER) or request.query.get(QUERY, ""), path


def _service(session: ScriptedSession, path: str) -> Service:
    """The one that a connection is counted for: whom its first request is to."""
    service = service_at(path)
    return service if service in session.services else session.services[0]

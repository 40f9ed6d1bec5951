"""The desk of one service of one session: what becomes of each connection to its port, and who answers on it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from fake_servers.engine.app import Sent
from fake_servers.engine.early_answer import EarlyAnswer
from fake_servers.engine.gate import By, Gate, HandlerFactory, How
from fake_servers.engine.http_reply import json_reply, outgoing
from fake_servers.engine.ledger import Connection, connection_of
from fake_servers.engine.scripted_session import ScriptedSession
from fake_servers.engine.server_tls import HeldUpBy
from fake_servers.faults.base import (
    ConnectPlan,
    EarlyReply,
    Fault,
    HandshakeAlert,
    HandshakePlan,
    HandshakeStall,
    Reply,
    StopReading,
)
from fake_servers.faults.early import plan_of
from fake_servers.faults.script import Service
from fake_servers.services.decision import Answer


class ServicePort:
    """The desk of one service of one session: decides what becomes of each connection to its port."""

    def __init__(self, session: ScriptedSession, service: Service) -> None:
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
        for connection in list(gate.connections.values()):
            connection.close(by, how)

    def answer(self, gate: Gate, request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        session, path = self._session, request.path
        connection = connection_of(gate, session.name)
        within = path if session.key is None else session.path_within(path)
        return session.answer(connection, request, within or path, (self._service,) if within else ())

    def refuse(self, gate: Gate, status: int, reason: str) -> Sent:
        ledger = self._session.ledger
        asked = ledger.request_received(
            connection_of(gate, self._session.name),
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
        match plan_of(fault):
            case ConnectPlan.SILENCE:
                gate.on_first_bytes(fired)
            case ConnectPlan.RESET:
                fired()
                gate.reset()
            case StopReading(seconds):
                gate.on_http(partial(self._stop_reading, gate, fired, seconds))
                self._admit(gate, connection)
            case EarlyReply(status):
                reply, epoch_s = Reply(status), self._session.clock.epoch_s()
                self._admit(gate, connection, lambda gate: EarlyAnswer(gate, reply, epoch_s, fired))
            case HandshakePlan.CUT:
                gate.on_first_bytes(partial(self._cut, gate, connection, fired))
            case HandshakeAlert(number):
                gate.on_first_bytes(partial(self._alert, gate, connection, fired, number))
            case HandshakeStall() as stall:
                self._admit_over_tls(gate, connection, stall, (stall, fired))
            case HandshakePlan() as bad:
                gate.on_first_bytes(fired)
                self._admit_over_tls(gate, connection, bad)
            case _:  # refused: it knocked before the door was shut
                self._admit(gate, connection)

    def _cut(self, gate: Gate, connection: Connection, fired: Callable[[], None]) -> None:
        fired()
        self._session.ledger.handshake_failed(connection, "cut after the client's first flight, as scripted")
        gate.reset()

    def _alert(self, gate: Gate, connection: Connection, fired: Callable[[], None], number: int) -> None:
        fired()
        self._session.ledger.handshake_failed(connection, f"alert {number} instead of the server's hello, as scripted")
        gate.alert(number)

    def _stop_reading(self, gate: Gate, fired: Callable[[], None], seconds: float) -> None:
        fired()
        gate.stop_reading(seconds)

    def _admit(self, gate: Gate, connection: Connection, speaker: HandlerFactory | None = None) -> None:
        """Let it speak HTTP with the services, or with another ``speaker``."""
        if self._session.authority is None:
            gate.admit(speaker or self._session.handler_for)
        else:
            self._admit_over_tls(gate, connection, speaker=speaker)

    def _admit_over_tls(
        self,
        gate: Gate,
        connection: Connection,
        plan: HandshakePlan | HandshakeStall | None = None,
        held_up: HeldUpBy | None = None,
        speaker: HandlerFactory | None = None,
    ) -> None:
        session = self._session
        assert session.authority is not None, "scripts with TLS faults are for sessions with TLS"
        context = session.authority.context(plan, session.host)
        failed = partial(session.ledger.handshake_failed, connection)
        gate.admit_over_tls(speaker or session.handler_for, context, failed, held_up)

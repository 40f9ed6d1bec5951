"""The numbers and the journal of a session without sockets. The events of ``fake_servers.engine.ledger``, as notes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from fake_servers.engine.addresses import PATHS
from fake_servers.engine.desk import shown_fields
from fake_servers.engine.http_reply import Outgoing, outgoing, outgoing_raw, shown_headers
from fake_servers.faults.base import Fault, RawReply, Reply
from fake_servers.faults.script import FaultScript
from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    ConnectionRefused,
    FaultFired,
    HandshakeFailed,
    ListenerChanged,
    ListenerDeaf,
    ReplySent,
    RequestReceived,
    TruthChanged,
)
from fake_servers.services.decision import Exchange, ServiceRequest
from harness.tiers.carriage import Heard, Passed
from harness.tiers.log import Log


@dataclass(slots=True, eq=False)
class Asked:
    """A request that stands in the log.

    Attributes:
        exchange: What it asks for, ``redirect`` for a hop.
        nth: Among the requests of that exchange, from 1.
        faults: Positions of the faults that fired on it so far.
    """

    number: int
    connection: int
    service: str
    exchange: str
    nth: int
    received_s: float
    faults: list[int] = field(default_factory=list)


class Out(NamedTuple):
    """A reply as it leaves: what is needed to write it down."""

    reply: Reply | RawReply
    epoch_s: float
    keep_alive: bool

    def written(self) -> Outgoing:
        """Its bytes, and what its head says."""
        if isinstance(self.reply, RawReply):
            return outgoing_raw(self.reply, epoch_s=self.epoch_s)
        return outgoing(self.reply, epoch_s=self.epoch_s, keep_alive=self.keep_alive)


class Ledger:
    """Numbers what happens in a session and notes it."""

    def __init__(self, script: FaultScript, log: Log) -> None:
        self.accepted: Counter[str] = Counter()  # connections by service
        self.connections = 0
        self._script = script
        self._note = log.note
        self._requests = 0
        self._asked: Counter[str] = Counter()  # requests by exchange

    def listener_changed(self, service: str, *, listening: bool) -> None:
        self._note(_listener_changed, service, listening)

    def listener_deaf(self, service: str, *, deaf: bool) -> None:
        self._note(_listener_deaf, service, deaf)

    def connection_refused(self, service: str) -> None:
        self._note(_connection_refused, service)

    def connection_opened(self, service: str, *, tls: bool) -> tuple[int, int]:
        """Its numbers: in the session, and among those of its service."""
        self.connections += 1
        self.accepted[service] += 1
        self._note(connection_opened, self.connections, service, tls)
        return self.connections, self.accepted[service]

    def handshake_failed(self, connection: int, service: str, detail: str) -> None:
        self._note(_handshake_failed, connection, service, detail)

    def connection_closed(
        self, connection: int, service: str, by: str, how: str, open_request: int | None, open_s: float
    ) -> None:
        self._note(_connection_closed, connection, service, by, how, open_request, open_s)

    def request_received(
        self,
        connection: int,
        service: str,
        exchange: Exchange,
        now_s: float,
        request: ServiceRequest,
        heard: Heard,
        *,
        hop: bool,
    ) -> Asked:
        """Number a request; ``hop`` says that it follows a redirect."""
        name = "redirect" if hop else exchange.value
        self._requests += 1
        self._asked[name] += 1
        asked = Asked(self._requests, connection, service, name, self._asked[name], now_s)
        self._note(request_received, asked.number, connection, service, exchange, name, asked.nth, request, heard)
        return asked

    def reply_sent(self, asked: Asked, out: Out, answer: str, now_s: float, sent_bytes: int | None, *, is_whole: bool) -> None:
        """No byte more of this reply will go out; ``sent_bytes`` is None if all did."""
        hold_s, faults = now_s - asked.received_s, tuple(asked.faults)
        self._note(_reply_sent, asked, out, answer, sent_bytes, is_whole, hold_s, faults)

    def fault_fired_at(self, connection: int, service: str, position: int, fault: Fault) -> None:
        """A connect or TLS fault changed what becomes of a connection."""
        self._script.fired(position)
        self._note(fault_fired_at, position, fault, service, connection)

    def fault_fired_on(self, asked: Asked, position: int, fault: Fault) -> None:
        """Told once for each request."""
        if position not in asked.faults:
            asked.faults.append(position)
            self._script.fired(position)
            self._note(fault_fired_on, position, fault, asked)

    def truth_changed(self, service: str, what: str, data: dict[str, Any], asked: Asked | None) -> None:
        self._note(_truth_changed, service, what, data, asked.number if asked is not None else None)


# ── from notes to events ─────────────────────────────────────────────────────────────────────────────────────────────


def _listener_changed(at: float, service: str, listening: bool) -> ListenerChanged:
    return ListenerChanged(service=service, listening=listening)


def _listener_deaf(at: float, service: str, deaf: bool) -> ListenerDeaf:
    return ListenerDeaf(service=service, deaf=deaf)


def _connection_refused(at: float, service: str) -> ConnectionRefused:
    return ConnectionRefused(service=service)


def connection_opened(at: float, connection: int, service: str, tls: bool) -> ConnectionOpened:
    return ConnectionOpened(connection=connection, service=service, tls=tls)


def _handshake_failed(at: float, connection: int, service: str, detail: str) -> HandshakeFailed:
    return HandshakeFailed(connection=connection, service=service, detail=detail)


def _connection_closed(
    at: float, connection: int, service: str, by: Any, how: Any, open_request: int | None, open_s: float
) -> ConnectionClosed:
    return ConnectionClosed(connection=connection, service=service, by=by, how=how, open_request=open_request, open_s=open_s)


def request_received(
    at: float,
    number: int,
    connection: int,
    service: str,
    exchange: Exchange,
    name: str,
    nth: int,
    request: ServiceRequest,
    heard: Heard,
) -> RequestReceived:
    passed, is_hop = heard.passed, name != exchange.value
    return RequestReceived(
        request=number,
        connection=connection,
        service=service,
        exchange=name,
        nth=nth,
        method=heard.http.method,
        path=PATHS[exchange],
        headers=shown_headers({**heard.http.headers, "content-length": str(len(heard.http.body))}),
        body_bytes=len(heard.http.body),
        fields=shown_fields(passed.of(request)) if isinstance(passed, Passed) and not is_hop else {},
        problem=None if isinstance(passed, Passed) or is_hop else passed.reason,
    )


def _reply_sent(
    at: float, asked: Asked, out: Out, answer: str, sent_bytes: int | None, is_whole: bool, hold_s: float, faults: Sequence[int]
) -> ReplySent:
    written = out.written()
    sent = len(written.data) if sent_bytes is None else sent_bytes
    return ReplySent(
        request=asked.number,
        connection=asked.connection,
        service=asked.service,
        exchange=asked.exchange,
        nth=asked.nth,
        status=written.status_after(sent),
        answer=answer,
        headers=written.headers,
        retry_after_s=written.retry_after_s,
        sent_bytes=sent,
        body_bytes=written.body_bytes,
        complete=is_whole and written.well_formed,
        hold_s=hold_s,
        faults=tuple(faults),
    )


def fault_fired_at(at: float, position: int, fault: Fault, service: str, connection: int) -> FaultFired:
    return FaultFired(
        fault=position, name=fault.name, presents_as=fault.presents_as().value, service=service, connection=connection
    )


def fault_fired_on(at: float, position: int, fault: Fault, asked: Asked) -> FaultFired:
    return FaultFired(
        fault=position,
        name=fault.name,
        presents_as=fault.presents_as().value,
        service=asked.service,
        request=asked.number,
        connection=asked.connection,
        exchange=asked.exchange,
        nth=asked.nth,
    )


def _truth_changed(at: float, service: str, what: str, data: dict[str, Any], request: int | None) -> TruthChanged:
    return TruthChanged(service=service, what=what, request=request, data=data)

"""The ledger: a session's numbers and its journal. Every event that a session tells of is made here.

Connections and requests are numbered from 1 over the whole session, requests also within their exchange, and connections also
within their service, since that is how scripts address them.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any, NotRequired, TypedDict, Unpack

from fake_servers.engine.gate import By, Gate, How
from fake_servers.engine.http_reply import Outgoing
from fake_servers.faults.base import Fault
from fake_servers.faults.script import FaultScript
from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    FaultFired,
    HandshakeFailed,
    Journal,
    ListenerChanged,
    ListenerDeaf,
    ReplySent,
    RequestReceived,
    TruthChanged,
    UpstreamAnswered,
)

RawHeaders = tuple[tuple[bytes, bytes], ...]
"""Headers as they came."""


@dataclass(slots=True, eq=False)
class Connection:
    """What one gate is to one session.

    Attributes:
        number: In the session, from 1.
        nth: Among the connections of its service, from 1.
        open_request: The request on it that was not answered whole, if there is one.
        heard: The headers of its last request: as they came, by lower-case name, and those that may be shown. A client mostly
            says the same again, and what is the same is not read again.
    """

    number: int
    nth: int
    service: str
    gate: Gate
    opened_s: float
    ledger: Ledger
    open_request: int | None = None
    heard: tuple[RawHeaders, dict[str, str], dict[str, str]] = ((), {}, {})

    def close(self, by: By, how: How) -> None:
        """It is over."""
        self.ledger.connection_closed(self, by, how)


@dataclass(slots=True, eq=False)
class Asked:
    """A request that stands in the journal.

    Attributes:
        number: In the session, from 1.
        exchange: Its name, which may be none of the scripted ones (``preflight``, ``unknown`` …).
        nth: Among the requests of that exchange, from 1.
        faults: Positions of the faults that fired on it so far.
        is_answered: Its ReplySent stands in the journal too.
    """

    number: int
    connection: Connection
    service: str
    exchange: str
    nth: int
    received_s: float
    faults: tuple[int, ...] = ()
    is_answered: bool = False


class RequestTold(TypedDict):
    """What is told of a request beside its numbers, as ``RequestReceived`` has it; ``headers`` are fit to be shown."""

    method: str
    path: str
    headers: dict[str, str]
    body_bytes: NotRequired[int]
    fields: NotRequired[dict[str, str]]
    problem: str | None


class Ledger:
    """Numbers what happens in a session and tells its journal."""

    def __init__(self, script: FaultScript, journal: Journal, loop: asyncio.AbstractEventLoop) -> None:
        self.open: dict[int, Connection] = {}
        self.accepted: Counter[str] = Counter()  # connections by service
        self._script = script
        self._journal = journal
        self._loop = loop
        self._connections = 0
        self._requests = 0
        self._asked: Counter[str] = Counter()  # requests by exchange

    def listener_changed(self, service: str, *, listening: bool) -> None:
        self._journal(ListenerChanged(service=service, listening=listening))

    def listener_deaf(self, service: str, *, deaf: bool) -> None:
        self._journal(ListenerDeaf(service=service, deaf=deaf))

    def connection_opened(self, gate: Gate, service: str, *, tls: bool) -> Connection:
        self._connections += 1
        self.accepted[service] += 1
        connection = Connection(self._connections, self.accepted[service], service, gate, self._loop.time(), self)
        self.open[connection.number] = connection
        self._journal(ConnectionOpened(connection=connection.number, service=service, tls=tls))
        return connection

    def handshake_failed(self, connection: Connection, detail: str) -> None:
        self._journal(HandshakeFailed(connection=connection.number, service=connection.service, detail=detail))

    def connection_closed(self, connection: Connection, by: By, how: How) -> None:
        """The last event of every connection."""
        del self.open[connection.number]
        self._journal(
            ConnectionClosed(
                connection=connection.number,
                service=connection.service,
                by=by,
                how=how,
                open_request=connection.open_request,
                open_s=self._loop.time() - connection.opened_s,
            )
        )

    def request_received(self, connection: Connection, service: str, exchange: str, **told: Unpack[RequestTold]) -> Asked:
        """Number a request that is here whole, and open it."""
        asked = self.request_begun(connection, service, exchange)
        self.request_whole(asked, **told)
        return asked

    def request_begun(self, connection: Connection, service: str, exchange: str) -> Asked:
        """Number a request whose head has come, and open it; ``request_whole`` tells of it."""
        self._requests += 1
        self._asked[exchange] += 1
        asked = Asked(self._requests, connection, service, exchange, self._asked[exchange], self._loop.time())
        connection.open_request = asked.number
        return asked

    def request_whole(self, asked: Asked, **told: Unpack[RequestTold]) -> None:
        """It is here to its last byte; what its reply's ``hold_s`` counts from."""
        asked.received_s = self._loop.time()
        self._journal(
            RequestReceived(
                request=asked.number,
                connection=asked.connection.number,
                service=asked.service,
                exchange=asked.exchange,
                nth=asked.nth,
                **told,
            )
        )

    def reply_sent(self, asked: Asked, reply: Outgoing, answer: str, *, sent_bytes: int, is_whole: bool) -> None:
        """No byte more of this reply will go out; ``is_whole`` says that all of them did, unchanged."""
        self.reply_over(
            asked,
            status=reply.status_after(sent_bytes),
            answer=answer,
            headers=reply.headers,
            retry_after_s=reply.retry_after_s,
            sent_bytes=sent_bytes,
            body_bytes=reply.body_bytes,
            is_complete=is_whole and reply.well_formed,
            is_over=sent_bytes >= len(reply.data),
        )

    def reply_over(
        self,
        asked: Asked,
        *,
        status: int | None,
        answer: str,
        headers: dict[str, str],
        retry_after_s: float | None,
        sent_bytes: int,
        body_bytes: int,
        is_complete: bool,
        is_over: bool,
    ) -> None:
        """No byte more of a reply will go out; ``is_over`` says that none is missing, so that nobody waits for it any more."""
        asked.is_answered = True
        if is_over:
            asked.connection.open_request = None
        self._journal(
            ReplySent(
                request=asked.number,
                connection=asked.connection.number,
                service=asked.service,
                exchange=asked.exchange,
                nth=asked.nth,
                status=status,
                answer=answer,
                headers=headers,
                retry_after_s=retry_after_s,
                sent_bytes=sent_bytes,
                body_bytes=body_bytes,
                complete=is_complete,
                hold_s=self._loop.time() - asked.received_s,
                faults=asked.faults,
            )
        )

    def fault_fired_at(self, connection: Connection, position: int, fault: Fault) -> None:
        """A connect or TLS fault changed what becomes of a connection."""
        self._fault_fired(position, fault, service=connection.service, connection=connection.number)

    def fault_fired_on(self, asked: Asked, position: int, fault: Fault) -> None:
        """A byte, HTTP or service fault changed something about a request; told once for each request."""
        if position in asked.faults:
            return
        asked.faults += (position,)
        where = {"request": asked.number, "connection": asked.connection.number, "exchange": asked.exchange, "nth": asked.nth}
        self._fault_fired(position, fault, service=asked.service, **where)

    def _fault_fired(self, position: int, fault: Fault, **where: Any) -> None:
        self._script.fired(position)
        self._journal(FaultFired(fault=position, name=fault.name, presents_as=fault.presents_as().value, **where))

    def upstream_answered(
        self, asked: Asked, *, status: int | None, body_bytes: int, body_sha256: str, took_s: float, problem: str | None
    ) -> None:
        """A license server of somebody else's has said all that it will say to a request."""
        self._journal(
            UpstreamAnswered(
                service=asked.service,
                request=asked.number,
                status=status,
                body_bytes=body_bytes,
                body_sha256=body_sha256,
                took_s=took_s,
                problem=problem,
            )
        )

    def truth_changed(self, service: str, what: str, data: dict[str, Any], asked: Asked | None) -> None:
        request = asked.number if asked else None
        self._journal(TruthChanged(service=service, what=what, request=request, data=data))


def connection_of(gate: Gate, session: str) -> Connection:
    """What a gate is to the session of that name."""
    part = gate.connections[session]
    assert isinstance(part, Connection)
    return part

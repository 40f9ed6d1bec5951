"""What a fake server saw and did, as one ordered stream of typed events.

The harness copies these events into its trace unchanged, so their fields are part of the trace format. Times are seconds of
the event loop's clock; ids are counted per session, so that two runs with one seed agree. No event holds a secret: headers
that carry credentials are dropped before an event is made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Annotated, Any, ClassVar, Literal, TypeVar, dataclass_transform

from pydantic import ConfigDict, Field

T = TypeVar("T")


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(field,))
def event(cls: type[T]) -> type[T]:
    """Make a class a value with named fields that nobody may change: type checkers see to that.

    At run time it is not frozen. A server makes three events for each request, and a frozen one takes twice as long to make.
    """
    return dataclass(slots=True, kw_only=True)(cls)


@event
class Event:
    """Root of the events."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: str


@event
class ListenerChanged(Event):
    """A service's port stopped or resumed listening (the ``refused`` fault)."""

    kind: Literal["listener_changed"] = "listener_changed"
    service: str
    listening: bool


@event
class ListenerDeaf(Event):
    """A service's port began to drop, or drops no longer, whatever arrives from who wants to connect."""

    kind: Literal["listener_deaf"] = "listener_deaf"
    service: str
    deaf: bool


@event
class ConnectionRefused(Event):
    """A connect attempt met a closed port. Only the simulated network can see one."""

    kind: Literal["connection_refused"] = "connection_refused"
    service: str


@event
class ConnectionOpened(Event):
    """A TCP connection was accepted."""

    kind: Literal["connection_opened"] = "connection_opened"
    connection: int
    service: str
    tls: bool = False


@event
class HandshakeFailed(Event):
    """TLS was not established; ``detail`` is the server's own words (an alert, a cut, a timeout)."""

    kind: Literal["handshake_failed"] = "handshake_failed"
    connection: int
    service: str
    detail: str


@event
class RequestReceived(Event):
    """A request arrived whole.

    Attributes:
        request: Its number in the session, from 1.
        exchange: What it asks for (``license``, ``monitor``, …), or ``preflight``, ``redirect``, ``page``, ``unknown``.
        nth: Its number among the requests of that exchange in the session, from 1; what ``nth`` in a script means.
        fields: What the dialect could read in it: ``device``, ``content``, ``nonce``, ``idempotency_key``, ``computer`` …
        problem: Why it could not be understood, if it could not.
    """

    kind: Literal["request_received"] = "request_received"
    request: int
    connection: int
    service: str
    exchange: str
    nth: int
    method: str
    path: str
    headers: dict[str, str] = field(default_factory=dict)
    body_bytes: int = 0
    fields: dict[str, str] = field(default_factory=dict)
    problem: str | None = None


@event
class ReplySent(Event):
    """The last byte of a reply that the script lets through was handed to the transport, or the reply was given up.

    Attributes:
        status: The HTTP status in the reply's head; None if no head left the server.
        answer: What the service decided (``granted``, ``license_denied`` …), or ``http`` if no more than the status is known: a
            fault spoke instead of it, or an upstream whose payload nobody reads.
        retry_after_s: Seconds that the reply asked the client to wait, whatever form the header had.
        sent_bytes: Bytes of the reply, head included, handed to the transport.
        body_bytes: Bytes of the body that the head announces.
        complete: Every byte went out, unchanged by faults on the bytes, of a reply that at least a forgiving client can read.
        hold_s: From the request's last byte to this event.
        faults: Positions, in the script, of the faults that fired on this reply.
    """

    kind: Literal["reply_sent"] = "reply_sent"
    request: int
    connection: int
    service: str
    exchange: str
    nth: int
    status: int | None
    answer: str
    headers: dict[str, str] = field(default_factory=dict)
    retry_after_s: float | None = None
    sent_bytes: int = 0
    body_bytes: int = 0
    complete: bool = True
    hold_s: float = 0.0
    faults: tuple[int, ...] = ()


@event
class ConnectionClosed(Event):
    """A connection ended.

    Attributes:
        by: Who ended it first.
        how: ``fin``, or ``reset``.
        open_request: The request that was still unanswered, if one was: the client left, or a fault cut it.
    """

    kind: Literal["connection_closed"] = "connection_closed"
    connection: int
    service: str
    by: Literal["client", "server"]
    how: Literal["fin", "reset"]
    open_request: int | None = None
    open_s: float = 0.0


@event
class FaultFired(Event):
    """A scripted fault changed something on the wire or in the service's decision.

    Attributes:
        fault: Its position in the script, from 0.
        name: Its registered name.
        presents_as: What an onlooker can tell of it (see ``Presentation``).
        request: The request it met, if it met one.
    """

    kind: Literal["fault_fired"] = "fault_fired"
    fault: int
    name: str
    presents_as: str
    service: str
    request: int | None = None
    connection: int | None = None
    exchange: str | None = None
    nth: int | None = None


@event
class TruthChanged(Event):
    """The service's store changed: what has really happened, whether the client learns of it or not.

    Attributes:
        what: ``individualized``, ``license_issued``, ``license_revoked``, ``revocation_acknowledged``, ``backup_stored``,
            ``license_restored``, ``page_completed`` …
        data: Names and counts that a check may read (``device``, ``content``, ``restores`` …).
    """

    kind: Literal["truth_changed"] = "truth_changed"
    service: str
    what: str
    request: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@event
class UpstreamAnswered(Event):
    """A license server that requests are passed on to answered one, or failed to, whatever the client got of it.

    Attributes:
        status: None if no head of a reply came.
        body_bytes: Of the body, as far as it came.
        body_sha256: Of the same bytes.
        took_s: From the moment at which it was called to its last byte.
        problem: How it failed, if it did; its own doing, or that of the way there, and no fault of the script.
    """

    kind: Literal["upstream_answered"] = "upstream_answered"
    service: str
    request: int
    status: int | None = None
    body_bytes: int = 0
    body_sha256: str = ""
    took_s: float = 0.0
    problem: str | None = None


ServerEvent = Annotated[
    ListenerChanged
    | ListenerDeaf
    | ConnectionRefused
    | ConnectionOpened
    | HandshakeFailed
    | RequestReceived
    | ReplySent
    | ConnectionClosed
    | FaultFired
    | TruthChanged
    | UpstreamAnswered,
    Field(discriminator="kind"),
]

Journal = Callable[[Event], object]
"""Where a session's events go, in the order in which they happened. The receiver stamps the time."""

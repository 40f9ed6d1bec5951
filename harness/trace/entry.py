"""The kinds of entries, in five lanes: user, client, wire, fault, service. Server events are taken over as they are.

As those, they are plain values while a run goes on, and checked by pydantic where a trace is read.
"""

from __future__ import annotations

from dataclasses import field
from enum import StrEnum
from typing import Annotated, Any, ClassVar, Literal

from pydantic import ConfigDict, Field

from fake_servers import journal
from fake_servers.journal import event
from harness.scenario.model import Do
from harness.status.message import StatusMessage
from harness.status.reason import Reason


class Lane(StrEnum):
    """Where an entry belongs in a timeline. Order holds within each lane on both networks."""

    USER = "user"
    CLIENT = "client"
    WIRE = "wire"
    FAULT = "fault"
    SERVICE = "service"


@event
class Seen:
    """Root of what the harness itself sees."""

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    kind: str


@event
class UserActed(Seen):
    """The user did something: ``start``, or one of the scenario's actions."""

    kind: Literal["user_acted"] = "user_acted"
    do: Do | Literal["start"]


@event
class StatusReported(Seen):
    """The client told its user something."""

    kind: Literal["status_reported"] = "status_reported"
    status: StatusMessage


@event
class OutcomeClaimed(Seen):
    """A client without status messages ended; its profile maps its exit status to an outcome."""

    kind: Literal["outcome_claimed"] = "outcome_claimed"
    outcome: Literal["succeeded", "failed", "cancelled", "blocked", "declined"]
    exit_status: int


@event
class RightsHeld(Seen):
    """What the client holds locally, as it says itself: before the start and after each settling status."""

    kind: Literal["rights_held"] = "rights_held"
    licenses: tuple[str, ...]
    individualized: bool


@event
class ClientNoted(Seen):
    """For diagnosis: ``stderr``, ``garbage``, ``exception``, ``exit``, ``hung``, ``killed``. Only SAFETY-007 reads it."""

    kind: Literal["client_noted"] = "client_noted"
    what: str
    text: str = ""


@event
class DeviceChanged(Seen):
    """Something happened to the device, or is over.

    Attributes:
        step: Its place in the scenario's list, from 0.
        event: Its name.
        change: ``ended`` once it is over; for a client that was killed: once it is started again.
        needs: What of the device it has in its hands: ``network``, ``address``, ``storage``, ``life``.
        reasons: What an honest client may name as the reason of a failure from here on.
    """

    kind: Literal["device_changed"] = "device_changed"
    step: int
    event: str
    change: Literal["began", "ended"]
    needs: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@event
class RunEnded(Seen):
    """Why the world stopped watching: ``settled``, ``limit``, ``client_died``, ``interrupted``.

    A proxy is watched until it is ``stopped``, its ``time_is_up``, or it has been ``quiet`` for long enough.

    Attributes:
        fates: What became of each fault, in the script's order.
        device_fates: What became of each thing that was to happen to the device, in the scenario's order.
    """

    kind: Literal["run_ended"] = "run_ended"
    why: str
    fates: tuple[str, ...] = ()
    device_fates: tuple[str, ...] = ()
    truth: dict[str, Any] = field(default_factory=dict)
    open_connections: int = 0


What = Annotated[
    UserActed
    | StatusReported
    | OutcomeClaimed
    | RightsHeld
    | ClientNoted
    | DeviceChanged
    | RunEnded
    | journal.ListenerChanged
    | journal.ListenerDeaf
    | journal.ConnectionRefused
    | journal.ConnectionOpened
    | journal.HandshakeFailed
    | journal.RequestReceived
    | journal.ReplySent
    | journal.ConnectionClosed
    | journal.FaultFired
    | journal.TruthChanged
    | journal.UpstreamAnswered,
    Field(discriminator="kind"),
]

LANES: dict[str, Lane] = {
    "user_acted": Lane.USER,
    "status_reported": Lane.CLIENT,
    "outcome_claimed": Lane.CLIENT,
    "rights_held": Lane.CLIENT,
    "client_noted": Lane.CLIENT,
    "device_changed": Lane.FAULT,
    "run_ended": Lane.USER,
    "listener_changed": Lane.WIRE,
    "listener_deaf": Lane.WIRE,
    "connection_refused": Lane.WIRE,
    "connection_opened": Lane.WIRE,
    "handshake_failed": Lane.WIRE,
    "request_received": Lane.WIRE,
    "reply_sent": Lane.WIRE,
    "connection_closed": Lane.WIRE,
    "fault_fired": Lane.FAULT,
    "truth_changed": Lane.SERVICE,
    "upstream_answered": Lane.SERVICE,
}


@event
class Entry:
    """One thing that happened.

    Attributes:
        n: Its place in the trace, from 0.
        at: Seconds since the run began, by the world's clock.
        what: What it was.
    """

    __pydantic_config__: ClassVar[ConfigDict] = ConfigDict(extra="forbid")

    n: int
    at: float
    what: What

    @property
    def lane(self) -> Lane:
        """Where it belongs in a timeline."""
        return LANES[self.what.kind]

"""One connection without bytes: what each of its ends knows of the other, and who hears of its end."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Literal, Protocol

from fake_servers.engine.gate import LOOK_S
from fake_servers.engine.player import Playback
from fake_servers.faults.base import EarlyReply, StopReading
from harness.tiers.services import ModelSession, Time

End = Literal["fin", "reset"]

GONE = "the client left during the handshake"


class Crossed(Protocol):
    """The wire that a line is part of."""

    session: ModelSession
    time: Time

    def cross(self, arrive: Callable[..., None], *what: object) -> None:
        """Let it happen at the other end."""


class Listener(Protocol):
    """Who waits at the client's end of a line."""

    def bytes_arrive(self, data: bytes) -> None: ...
    def line_ended(self) -> None: ...


class Line:
    """One connection, both ends of it. To a playback it is the wire."""

    def __init__(self, wire: Crossed, service: str, number: int, nth: int) -> None:
        self.wire = wire
        self.service = service
        self.number = number
        self.nth = nth
        self.open_request: int | None = None
        self.opened_s = self.used_s = wire.time.now
        self.call: Listener | None = None
        self.client_knows_end = False
        self.playback: Playback | None = None
        self._client_closed = False
        self._silent = False
        self._over = False
        self.shakes_hands = False
        self.awaits: tuple[StopReading | EarlyReply, Callable[[], None]] | None = None
        self._deaf: tuple[float, float] | None = None
        wire.session.lines[number] = self

    # ── the services' end ────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def hears(self) -> bool:
        """Whether a request that arrives is read."""
        return not (self._over or self._silent)

    def send(self, data: bytes) -> None:
        if not self._over:
            self.wire.cross(self._arrives, data)

    @property
    def is_over(self) -> bool:
        """Whether the services see it closed."""
        return self._over

    def fin(self) -> None:
        self._closes_soon("fin")

    def reset(self) -> None:
        self._closes_soon("reset")

    def _closes_soon(self, how: End) -> None:
        """A transport is lost only once whoever closed it has finished speaking."""
        self.wire.time.call_at(self.wire.time.now, self.server_closes, how)

    def stop_reading(self, seconds: float) -> None:
        """Read nothing for so long; now and then the services look whether the client has left."""
        self._deaf = self.wire.time.now, seconds

    def fall_silent(self) -> None:
        self._silent = True

    def leave(self) -> None:
        """The services close it."""
        self.server_closes("fin")

    def server_closes(self, how: End) -> None:
        if not self._over:
            self._ends("server", how)
            self.wire.cross(self._end_arrives)

    def _ends(self, by: str, how: End) -> None:
        self._over = True
        if self.playback is not None:
            playback, self.playback = self.playback, None
            playback.give_up()
        session = self.wire.session
        if self.shakes_hands:
            session.ledger.handshake_failed(self.number, self.service, GONE)
        del session.lines[self.number]
        open_s = self.wire.time.now - self.opened_s
        session.ledger.connection_closed(self.number, self.service, by, how, self.open_request, open_s)

    # ── the client's end ─────────────────────────────────────────────────────────────────────────────────────────────

    def client_closes(self) -> None:
        if not self._client_closed:
            self._client_closed = True
            self.wire.cross(self._close_arrives)

    def _close_arrives(self) -> None:
        if self._deaf is not None:
            (since_s, seconds), self._deaf = self._deaf, None
            looks = math.ceil((self.wire.time.now - since_s) / LOOK_S)
            if self.wire.time.now < since_s + seconds:
                self.wire.time.call_at(since_s + min(looks * LOOK_S, seconds), self._close_arrives)
                self._silent = True
                return
        if not self._over:
            self._ends("client", "fin")

    def _arrives(self, data: bytes) -> None:
        if self.call is not None and not self._client_closed:
            self.call.bytes_arrive(data)

    def _end_arrives(self) -> None:
        self.client_knows_end = self._client_closed = True
        if self.call is not None:
            self.call.line_ended()

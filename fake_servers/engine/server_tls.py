"""A server's end of TLS: asyncio's, with its last words, and with flights of the handshake that are held up."""

from __future__ import annotations

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Callable
from typing import Any, Self

from fake_servers.faults.base import Flight, HandshakeStall

HANDSHAKE_S = 60.0
"""How long a handshake may take; asyncio's own default."""

ALERT, TLS_1_2, FATAL = 21, (3, 3), 2
"""The head of an alert before encryption begins (RFC 8446, 5.1 and 6)."""

HeldUpBy = tuple[HandshakeStall, Callable[[], None]]
"""A stall of the handshake, and whom to tell when it begins."""

RECORD_HEAD = 5
"""Bytes before the content of a TLS record; the last two are its length (RFC 8446, 5.1)."""


class HeldUp:
    """What TLS writes to instead of the real transport, whose other abilities it lends.

    Args:
        began: Told when the first byte is held up.
    """

    def __init__(
        self, raw: asyncio.Transport, loop: asyncio.AbstractEventLoop, stall: HandshakeStall, began: Callable[[], None]
    ) -> None:
        self._raw = raw
        self._loop = loop
        self._stall = stall
        self._began = began
        self._flights_before = 1 if stall.before is Flight.FINISHED else 0
        self._held = bytearray()
        self._holds = False
        self._is_over = False

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    def write(self, data: bytes) -> None:
        """As a transport does it; TLS writes each flight at once."""
        if self._holds:
            self._held += data
        elif self._is_over or self._flights_before:
            self._flights_before -= 1
            self._raw.write(data)
        else:
            self._hold(bytes(data))

    def _hold(self, flight: bytes) -> None:
        passes = RECORD_HEAD + int.from_bytes(flight[3:RECORD_HEAD], "big") if self._stall.before is Flight.CERTIFICATE else 0
        self._holds = True
        self._began()
        if passes:
            self._raw.write(flight[:passes])
        self._held += flight[passes:]
        self._loop.call_later(self._stall.seconds, self._release)

    def _release(self) -> None:
        self._holds, self._is_over = False, True
        if not self._raw.is_closing():
            self._raw.write(bytes(self._held))
        self._held.clear()


class ServerTls(SSLProtocol):
    """asyncio's TLS, but that an alert by which a handshake is refused gets out: asyncio drops it, and servers don't.

    The private names are the same in CPython 3.11 to 3.14.
    """

    _outgoing: ssl.MemoryBIO
    _transport: asyncio.Transport
    _lower: Any

    @classmethod
    def over(
        cls,
        raw: asyncio.Transport,
        above: asyncio.Protocol,
        loop: asyncio.AbstractEventLoop,
        context: ssl.SSLContext,
        held_up: HeldUpBy | None,
    ) -> Self:
        """TLS between the two; its handshake begins with ``begin()``.

        Nobody waits for the handshake: the protocol above hears of its success, and the transport's own of its failure.
        """
        tls = cls(
            loop,
            above,
            context,
            None,  # type: ignore[arg-type]  # typeshed knows no None here, asyncio does
            server_side=True,
            ssl_handshake_timeout=HANDSHAKE_S + (held_up[0].seconds if held_up else 0.0),  # type: ignore[arg-type]  # fractions, too
        )
        tls._lower = raw if held_up is None else HeldUp(raw, loop, *held_up)
        return tls

    def begin(self) -> None:
        """Wait for the client's hello."""
        self.connection_made(self._lower)

    def _on_handshake_complete(self, handshake_exc: BaseException | None) -> None:
        last_words = self._outgoing.read() if handshake_exc is not None else b""
        if last_words:
            self._transport.write(last_words)
        super()._on_handshake_complete(handshake_exc)


def alert_record(number: int) -> bytes:
    """A fatal alert, as it is sent before encryption begins."""
    return bytes((ALERT, *TLS_1_2, 0, 2, FATAL, number))

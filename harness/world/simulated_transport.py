"""One end of a simulated TCP connection: an asyncio transport that hands its bytes to another transport.

Each direction is a queue with a fixed latency: what is written arrives in order, whole and never early. Nothing
here knows of faults; whoever wants one calls :meth:`SimulatedTransport.reset`, ``write_eof`` or just says nothing.

Against a kernel, two things are simpler. A window never fills, so a writer is never paused. And a FIN goes out on
``close`` even if there was something unread, where Linux would send a reset.
"""

from __future__ import annotations

import asyncio
import enum
import errno
import os
from collections import deque
from collections.abc import Callable, Iterable
from typing import TypeAlias, cast

from harness.world.simulated_socket import SimulatedSocket


class Signal(enum.Enum):
    """What crosses a link beside bytes."""

    FIN = "fin"
    RST = "rst"


Crossing: TypeAlias = bytes | Signal
BytesLike: TypeAlias = bytes | bytearray | memoryview

READ_SIZE = 256 * 1024
"""Bytes that a protocol gets at once at most: what asyncio's own socket transport asks of a kernel."""


class SimulatedTransport(asyncio.Transport):
    """The transport that a protocol sees. Both ends are of this class.

    Args:
        loop: The virtual loop; arrivals are its timers.
        sock: Shown as the transport's ``socket``; carries both addresses.
        latency: Seconds from here to the peer.
        on_send: Called with every piece that leaves, before it crosses.
        on_closed: Called once, after the protocol's ``connection_lost``.
    """

    # asyncio asks for this private mark before it lets start_tls wrap a transport.
    _start_tls_compatible = True

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: SimulatedSocket,
        *,
        latency: float,
        on_send: Callable[[SimulatedTransport, Crossing], None],
        on_closed: Callable[[SimulatedTransport], None],
    ) -> None:
        super().__init__({"socket": sock, "sockname": sock.sockname, "peername": sock.peername, "sslcontext": None})
        self._loop = loop
        self._sock = sock
        self._latency = latency
        self._on_send = on_send
        self._on_closed = on_closed
        self._peer: SimulatedTransport | None = None
        self._protocol: asyncio.BaseProtocol | None = None
        self._inbox: deque[Crossing] = deque()
        self._write_limits = (16 * 1024, 64 * 1024)
        self._paused = False
        self._closing = False
        self._wrote_eof = False
        self._got_fin = False
        self._broken: OSError | None = None  # what the next write meets, once the peer has reset

    def join(self, peer: SimulatedTransport) -> None:
        """Make the two transports the ends of one connection."""
        self._peer, peer._peer = peer, self

    def begin(self, protocol: asyncio.BaseProtocol) -> None:
        """Give the end its protocol and tell the protocol so."""
        self._protocol = protocol
        protocol.connection_made(self)

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, data: BytesLike) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be a bytes-like object, not {type(data).__name__}")
        if self._wrote_eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._closing or not data:
            return
        if self._broken is not None:
            self._lose(self._broken)
            return
        self._send(bytes(data))

    def writelines(self, list_of_data: Iterable[BytesLike]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        """Half close: nothing more will be written, but there may be something to read."""
        if not (self._closing or self._wrote_eof):
            self._wrote_eof = True
            self._send(Signal.FIN)

    def get_write_buffer_size(self) -> int:
        """Always 0: everything written has left."""
        return 0

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._write_limits

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """Remembered and without effect, since nothing is ever buffered here."""
        high = high if high is not None else 4 * low if low is not None else 64 * 1024
        self._write_limits = (high // 4 if low is None else low, high)

    # -- reading -------------------------------------------------------------------------------------------------

    def is_reading(self) -> bool:
        return not (self._closing or self._paused)

    def pause_reading(self) -> None:
        self._paused = not self._closing

    def resume_reading(self) -> None:
        if self._paused and not self._closing:
            self._paused = False
            self._loop.call_soon(self._deliver)  # never from inside the caller: it may be in the middle of reading

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self._protocol is not None, "the connection is not accepted yet"
        return self._protocol

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    # -- ending --------------------------------------------------------------------------------------------------

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        """FIN after everything that was written."""
        self._lose(None)

    def abort(self) -> None:
        """The same as :meth:`close`, as with a real socket whose buffer is empty. For a reset call :meth:`reset`."""
        self._lose(None)

    def reset(self) -> None:
        """RST after everything that was written; the peer's protocol loses the connection with ECONNRESET."""
        if not self._closing:
            self._end(Signal.RST, None)

    def _force_close(self, exc: BaseException | None) -> None:
        """asyncio's SSLProtocol calls this private method when a handshake fails."""
        self._lose(exc)

    def _lose(self, exc: BaseException | None) -> None:
        if not self._closing:
            has_nothing_to_say = self._wrote_eof or self._broken is not None
            self._end(None if has_nothing_to_say else Signal.FIN, exc)

    def _end(self, last_word: Signal | None, exc: BaseException | None) -> None:
        self._closing = True
        self._sock.is_closed = True
        self._inbox.clear()
        if last_word is not None:
            self._send(last_word)
        self._loop.call_soon(self._lost, exc)

    def _lost(self, exc: BaseException | None) -> None:
        try:
            if self._protocol is not None:
                # BaseProtocol wants Exception | None here; asyncio itself passes on what it was given.
                self._protocol.connection_lost(cast("Exception | None", exc))
        finally:
            self._on_closed(self)

    # -- crossing ------------------------------------------------------------------------------------------------

    def _send(self, piece: Crossing) -> None:
        assert self._peer is not None, "a transport writes only after join()"
        self._on_send(self, piece)
        self._loop.call_at(self._loop.time() + self._latency, self._peer._arrive, piece)

    def _arrive(self, piece: Crossing) -> None:
        if self._closing:
            if isinstance(piece, bytes):
                self._send(Signal.RST)  # nobody owns this socket any more, says the kernel
            return
        if piece is Signal.RST:
            self._broken = BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
            if self._got_fin:
                return  # a reader that has its end of file hears no more; the next write will
            self._broken = ConnectionResetError(errno.ECONNRESET, os.strerror(errno.ECONNRESET))
        self._got_fin = self._got_fin or piece is Signal.FIN
        self._inbox.append(piece)
        self._sock.has_something_to_read = True
        self._deliver()

    def _deliver(self) -> None:
        while self._inbox and self.is_reading():
            piece = self._inbox.popleft()
            self._sock.has_something_to_read = bool(self._inbox) or self._got_fin
            try:
                self._hand_over(piece)
            except Exception as exc:  # noqa: BLE001 - reported below, as asyncio does; the connection cannot go on
                self._fail(exc)

    def _hand_over(self, piece: Crossing) -> None:
        protocol = self.get_protocol()
        if piece is Signal.RST:
            self._lose(self._broken)
        elif piece is Signal.FIN:
            if not cast("asyncio.Protocol", protocol).eof_received():
                self.close()
        elif isinstance(protocol, asyncio.BufferedProtocol):
            self._fill_buffer(protocol, piece)
        else:
            data = self._keep_back(piece, READ_SIZE)
            cast("asyncio.Protocol", protocol).data_received(data)

    def _fill_buffer(self, protocol: asyncio.BufferedProtocol, piece: bytes) -> None:
        buffer = memoryview(protocol.get_buffer(-1)).cast("B")
        if not buffer:
            raise RuntimeError("get_buffer() returned an empty buffer")
        data = self._keep_back(piece, len(buffer))
        buffer[: len(data)] = data
        protocol.buffer_updated(len(data))

    def _keep_back(self, piece: bytes, size: int) -> bytes:
        """The first ``size`` bytes; the rest returns to the head of the inbox, for a reader may pause in between."""
        if len(piece) > size:
            self._inbox.appendleft(piece[size:])
            self._sock.has_something_to_read = True
        return piece[:size]

    def _fail(self, exc: Exception) -> None:
        self._loop.call_exception_handler(
            {
                "message": "Fatal error: protocol failed while it received",
                "exception": exc,
                "transport": self,
                "protocol": self._protocol,
            }
        )
        self._lose(exc)

    def __repr__(self) -> str:
        state = "closing" if self._closing else "paused" if self._paused else "open"
        return f"<{type(self).__name__} {state} {self._sock.sockname} to {self._sock.peername}>"

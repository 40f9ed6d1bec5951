"""One end of a simulated TCP connection: an asyncio transport that hands its bytes to another transport.

Nothing here knows of faults; whoever wants one calls :meth:`SimulatedTransport.reset`, ``write_eof`` or just says nothing.
What the receiver's window does not take waits here, and asyncio's own water marks pause the writer. There is no send buffer
of a kernel in between.
"""

from __future__ import annotations

import asyncio
import errno
import os
from asyncio import transports
from collections import deque
from collections.abc import Callable, Iterable
from random import Random
from typing import TypeAlias, cast

from harness.world.one_way import Crossing, Link, OneWay, Signal
from harness.world.simulated_socket import SimulatedSocket

BytesLike: TypeAlias = bytes | bytearray | memoryview

READ_SIZE = 256 * 1024
"""Bytes that a protocol gets at once at most: what asyncio's own socket transport asks of a kernel."""


class SimulatedTransport(transports._FlowControlMixin, asyncio.Transport):
    """The transport that a protocol sees. Both ends are of this class.

    The private mixin of asyncio holds the water marks; it is the same in CPython 3.11 to 3.14.

    Args:
        loop: The virtual loop; arrivals are its timers.
        sock: Shown as the transport's ``socket``; carries both addresses.
        on_send: Called with every piece that leaves, before it crosses.
        on_open: Called once, with this end, when the other end has completed the handshake.
        on_closed: Called once, after the protocol's ``connection_lost``.
    """

    # asyncio asks for this private mark before it lets start_tls wrap a transport.
    _start_tls_compatible = True

    _maybe_pause_protocol: Callable[[], None]  # the mixin's, unknown to typeshed
    _maybe_resume_protocol: Callable[[], None]

    _protocol: asyncio.BaseProtocol | None = None
    _out: OneWay
    _in: OneWay
    _loses_unread: bool

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        sock: SimulatedSocket,
        *,
        on_send: Callable[[SimulatedTransport, Crossing], None],
        on_open: Callable[[SimulatedTransport], None],
        on_closed: Callable[[SimulatedTransport], None],
    ) -> None:
        super().__init__({"socket": sock, "sockname": sock.sockname, "peername": sock.peername, "sslcontext": None}, loop)
        self._loop = loop
        self._sock = sock
        self._on_send = on_send
        self._on_open = on_open
        self._on_closed = on_closed
        self._inbox: deque[Crossing] = deque()
        self._backlog = bytearray()  # written, and more than the peer's window takes
        self._paused = False
        self._closing = False  # the protocol neither reads nor writes any more
        self._gone = False  # nobody owns the socket any more
        self._last_word = Signal.FIN
        self._wrote_eof = self._sent_fin = False
        self._got_fin = False
        self._broken: OSError | None = None  # what the next write meets, once the peer has reset

    def join(self, peer: SimulatedTransport, link: Link, rng: Random) -> tuple[OneWay, OneWay]:
        """Make the two transports the ends of one connection; the way from here and the way back."""
        self._out = peer._in = self._way_to(peer, link, rng)
        self._in = peer._out = peer._way_to(self, link, rng)
        self._loses_unread = link.loses_unread_on_reset
        peer._loses_unread = link.loses_unread_on_reset
        return self._out, self._in

    def _way_to(self, peer: SimulatedTransport, link: Link, rng: Random) -> OneWay:
        return OneWay(self._loop, link, rng, arrive=peer._arrive, opened=self._push, given_up=self._give_up)

    def complete_handshake(self) -> None:
        """The peer can be accepted as soon as this arrives there."""
        self._out.send(Signal.OPEN)

    def begin(self, protocol: asyncio.BaseProtocol, made: asyncio.Future[None] | None = None) -> None:
        """Give the end its protocol and tell the protocol so, and then whoever waits for ``made``."""
        self._protocol = protocol
        protocol.connection_made(self)
        if made is not None and not made.done():
            made.set_result(None)

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, data: BytesLike) -> None:
        if not isinstance(data, bytes | bytearray | memoryview):
            raise TypeError(f"data must be a bytes-like object, not {type(data).__name__}")
        if self._wrote_eof:
            raise RuntimeError("Cannot call write() after write_eof()")
        if self._gone or not data:
            return
        if self._broken is not None:
            self._lose(self._broken)
            return
        piece = bytes(data)
        if not self._backlog and self._out.has_room(len(piece)):
            self._send(piece)
        else:
            self._backlog += piece
            self._push()
            self._maybe_pause_protocol()

    def writelines(self, list_of_data: Iterable[BytesLike]) -> None:
        self.write(b"".join(list_of_data))

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        """Half close: nothing more will be written, but there may be something to read."""
        if not (self._closing or self._wrote_eof):
            self._wrote_eof = True
            if not self._backlog:
                self._say_fin()

    def get_write_buffer_size(self) -> int:
        return len(self._backlog)

    def _push(self) -> None:
        """Send as much of the backlog as the window takes; called again when it has opened further."""
        room = min(self._out.room(), len(self._backlog))
        if room:
            piece = bytes(self._backlog[:room])
            del self._backlog[:room]
            self._send(piece)
        self._maybe_resume_protocol()  # which may write on, as in asyncio even after close()
        if self._gone:
            return
        if self._backlog:
            self._out.await_room()
        elif self._closing:
            self._leave(None)
        elif self._wrote_eof:
            self._say_fin()

    def _say_fin(self) -> None:
        if not self._sent_fin:
            self._sent_fin = True
            self._send(Signal.FIN)

    def _send(self, piece: Crossing) -> None:
        self._on_send(self, piece)
        self._out.send(piece)

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

    def has_peer_left(self) -> bool:
        """Whether the peer has closed or reset the connection, though nobody reads what it sent."""
        return self._broken is not None or self._got_fin

    # -- ending --------------------------------------------------------------------------------------------------

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        """FIN after everything that was written; as on Linux, a reset instead if something that arrived was not read."""
        self._end(Signal.FIN)

    def reset(self) -> None:
        """RST after everything that was written; the peer's protocol loses the connection with ECONNRESET."""
        self._end(Signal.RST)

    def _end(self, last_word: Signal) -> None:
        if not self._closing:
            self._closing = True
            self._last_word = last_word
            if not self._backlog:
                self._leave(None)

    def abort(self) -> None:
        """What still waits for the peer's window is dropped; then as :meth:`close`. For a reset call :meth:`reset`."""
        self._lose(None)

    def crash(self) -> None:
        """As if the process were killed in the middle of it: RST now, whatever waits."""
        self._last_word = Signal.RST
        self._lose(None)

    def _force_close(self, exc: BaseException | None) -> None:
        """asyncio's SSLProtocol calls this private method when a handshake fails."""
        self._lose(exc)

    def _lose(self, exc: BaseException | None) -> None:
        if not self._gone:
            self._closing = True
            self._backlog.clear()
            self._leave(exc)

    def _give_up(self) -> None:
        """The network has been silent for too long: what a kernel says then."""
        self._out.abandon()
        if not self._gone:
            self._broken = TimeoutError(errno.ETIMEDOUT, os.strerror(errno.ETIMEDOUT))
            self._lose(self._broken)

    def _leave(self, exc: BaseException | None) -> None:
        self._gone = True
        self._sock.is_closed = True
        has_unread = any(isinstance(piece, bytes) for piece in self._inbox)
        self._inbox.clear()
        if self._broken is None:
            if has_unread or self._last_word is Signal.RST:
                self._send(Signal.RST)
            else:
                self._say_fin()
        self._loop.call_soon(self._lost, exc)

    def _lost(self, exc: BaseException | None) -> None:
        try:
            if self._protocol is not None:
                # BaseProtocol wants Exception | None here; asyncio itself passes on what it was given.
                self._protocol.connection_lost(cast("Exception | None", exc))
        finally:
            self._on_closed(self)

    # -- arriving ------------------------------------------------------------------------------------------------

    def _arrive(self, piece: Crossing) -> None:
        if self._gone:
            if isinstance(piece, bytes) or piece is Signal.OPEN:
                self._send(Signal.RST)  # nobody owns this socket any more, says the kernel
            return
        if piece is Signal.OPEN:
            self._on_open(self)
            return
        if piece is Signal.RST and not self._notice_reset():
            return
        self._got_fin = self._got_fin or piece is Signal.FIN
        self._inbox.append(piece)
        self._sock.has_something_to_read = True
        self._deliver()

    def _notice_reset(self) -> bool:
        """Whether a reader will hear of it."""
        number = errno.EPIPE if self._got_fin else errno.ECONNRESET
        self._broken = OSError(number, os.strerror(number))  # which makes itself a BrokenPipeError or ConnectionResetError
        if self._loses_unread:
            self._inbox.clear()
        if self._backlog:
            self._lose(self._broken)  # it was about to write on
            return False
        return not self._got_fin  # a reader that has its end of file hears no more; the next write will

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
            self._fill_buffer(protocol, cast("bytes", piece))
        else:
            data = self._read(cast("bytes", piece), READ_SIZE)
            cast("asyncio.Protocol", protocol).data_received(data)

    def _fill_buffer(self, protocol: asyncio.BufferedProtocol, piece: bytes) -> None:
        buffer = memoryview(protocol.get_buffer(-1)).cast("B")
        if not buffer:
            raise RuntimeError("get_buffer() returned an empty buffer")
        data = self._read(piece, len(buffer))
        buffer[: len(data)] = data
        protocol.buffer_updated(len(data))

    def _read(self, piece: bytes, size: int) -> bytes:
        """The first ``size`` bytes; the rest returns to the head of the inbox, for a reader may pause in between."""
        if len(piece) > size:
            self._inbox.appendleft(piece[size:])
            self._sock.has_something_to_read = True
            piece = piece[:size]
        self._in.was_read(len(piece))
        return piece

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

"""The gate: the TCP end of one accepted connection, below HTTP and below TLS.

It sees what HTTP never sees (who ended the connection, and how) and does what HTTP cannot do: keep silent, reset, cut a
handshake. What shall happen to a connection is decided by its desk (one service of a session, or the shared port).

The layers, from the wire up: transport, ``Gate``, and then aiohttp's request handler; or, with TLS, asyncio's ``SSLProtocol``,
``AboveTls``, and then the handler. Nothing here knows which network carries it: a simulated transport brings its own
``reset``, and a real one is drained before it is reset.
"""

from __future__ import annotations

import asyncio
import ssl
from asyncio.sslproto import SSLProtocol
from collections.abc import Awaitable, Callable, Sequence
from typing import Literal, Protocol, cast

from aiohttp import web

from fake_servers.engine import real_sockets
from fake_servers.engine.player import Ending, Link, Playback
from fake_servers.engine.server_tls import HeldUpBy, ServerTls, alert_record

LOOK_S = 0.25
"""How often to look whether a client has left that nobody listens to."""

By = Literal["client", "server"]
How = Literal["fin", "reset"]

POLL_S, SLOWEST_POLL_S = 0.001, 0.02
"""How often to look whether everything sent has arrived: at first, and in the long run (a client may never read on)."""

HandlerFactory = Callable[["Gate"], asyncio.Protocol]


class Work(Protocol):
    """What is under way on a connection."""

    def give_up(self) -> None:
        """The connection is gone, or has to go."""


class Part(Protocol):
    """What a connection is to one session."""

    def close(self, by: By, how: How) -> None:
        """It is over."""


class Desk(Protocol):
    """Whom a gate reports to."""

    def opened(self, gate: Gate) -> None:
        """A connection was accepted; say what becomes of it by calling one of the gate's verbs."""

    def lost(self, gate: Gate, by: By, how: How) -> None:
        """It is over."""

    def answer(self, gate: Gate, request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
        """Answer a request; returns once the reply is out, or can no longer get out."""

    def refuse(self, gate: Gate, status: int, reason: str) -> web.StreamResponse:
        """Answer what was not even HTTP."""


class Gate(asyncio.Protocol):
    """One accepted connection.

    Attributes:
        raw: The transport below TLS.
        top: What replies are written to: above TLS if there is TLS, else the same.
        is_lost: The connection is over.
        gone: Done once the connection is lost and nobody works for it any more.
        connections: What the connection is to each session (by name) that has a part in it: one, unless the port is shared.
    """

    raw: asyncio.Transport
    top: asyncio.Transport

    def __init__(self, desk: Desk, loop: asyncio.AbstractEventLoop) -> None:
        self.desk = desk
        self.gone: asyncio.Future[None] = loop.create_future()
        self.connections: dict[str, Part] = {}
        self._loop = loop
        self._inner: asyncio.Protocol | SSLProtocol | None = None
        self._receive: Callable[[bytes], object] = _discard
        self._on_first_bytes: Callable[[], None] | None = None
        self._on_http: Callable[[], None] | None = None
        self._tls_failed: Callable[[str], None] | None = None
        self._ended: tuple[By, How] | None = None
        self.is_lost = False
        self._working = False
        self._under_way: Work | None = None
        self._cut: asyncio.Future[None] | None = None

    # ── what a desk may do with it ───────────────────────────────────────────────────────────────────────────────────

    def admit(self, handler_for: HandlerFactory) -> None:
        """Let it speak HTTP."""
        handler = self.start_http(self.raw, handler_for)
        self._inner, self._receive = handler, handler.data_received

    def admit_over_tls(
        self,
        handler_for: HandlerFactory,
        context: ssl.SSLContext,
        failed: Callable[[str], None],
        held_up: HeldUpBy | None = None,
    ) -> None:
        """Let it speak HTTP over TLS; ``failed`` is told why, if it never comes to that.

        Args:
            held_up: A stall of the handshake, and whom to tell when it begins.
        """
        self._tls_failed = failed
        tls = ServerTls.over(self.raw, AboveTls(self, handler_for), self._loop, context, held_up)
        self._inner, self._receive = tls, lambda data: _fill(tls, data)
        tls.begin()

    def alert(self, number: int) -> None:
        """Answer the client's hello with a fatal alert, and close in order."""
        self.fall_silent()
        self.raw.write(alert_record(number))
        self._close()

    def start_http(self, top: asyncio.Transport, handler_for: HandlerFactory) -> asyncio.Protocol:
        """HTTP begins on ``top``."""
        self.top, self._tls_failed = top, None
        self._working = True
        handler = handler_for(self)
        handler.connection_made(top)
        if self._on_http is not None:
            self._on_http()
        return handler

    def on_http(self, then: Callable[[], None]) -> None:
        """Call ``then`` once HTTP can begin, before a request is read."""
        self._on_http = then

    def on_first_bytes(self, then: Callable[[], None]) -> None:
        """Call ``then`` once, when the client says its first word, before anybody hears it."""
        self._on_first_bytes = then

    def fall_silent(self) -> None:
        """Hear nothing and say nothing from now on, and stay open."""
        self._receive = _discard

    def fin(self) -> None:
        """Close in order once everything sent has gone; over TLS without a close_notify, as a dying server would."""
        self.fall_silent()
        self._once(lambda: self.top is self.raw or not self.top.get_write_buffer_size(), self._close)

    def reset(self) -> None:
        """RST once everything sent has arrived: without that, a kernel drops what it still holds."""
        self.fall_silent()
        own: Callable[[], None] | None = getattr(self.raw, "reset", None)
        if own is not None:
            self._once(lambda: not self.top.get_write_buffer_size(), lambda: self._end("reset", own))
        else:
            self._once(self._has_delivered, lambda: self._end("reset", lambda: real_sockets.reset(self.raw)))

    def stop_reading(self, seconds: float) -> None:
        """Read nothing for so long. Who leaves meanwhile is not heard either, so that it is looked for."""
        self._pause(self._loop.time(), 0, seconds)
        if not hasattr(self.raw, "has_peer_left"):
            self._loop.call_soon(real_sockets.pause_again, self.raw)

    def _pause(self, began_s: float, looks: int, seconds: float) -> None:
        if self.is_lost or self.raw.is_closing():
            return
        if looks == 0:
            self.raw.pause_reading()
            self.top.pause_reading()
        elif looks * LOOK_S >= seconds or self._has_peer_left():
            if self._has_peer_left():
                self.fall_silent()
            self.top.resume_reading()
            self.raw.resume_reading()
            return
        due_s = began_s + min((looks + 1) * LOOK_S, seconds)
        self._loop.call_at(due_s, self._pause, began_s, looks + 1, seconds)

    def _has_peer_left(self) -> bool:
        own: Callable[[], bool] | None = getattr(self.raw, "has_peer_left", None)
        return own() if own is not None else real_sockets.has_peer_left(self.raw)

    def turn_away(self) -> None:
        """Close at once, unheard."""
        self.fall_silent()
        self._end("fin", self.raw.abort)

    def leave(self) -> None:
        """The session ends: no word more, but what is on its way may arrive."""
        if not self.is_lost:
            self.fall_silent()
            self._give_up()
            self._close()

    def abort(self) -> None:
        """Drop it, whatever is on its way."""
        if not self.is_lost:
            self.raw.abort()

    # ── what HTTP says ───────────────────────────────────────────────────────────────────────────────────────────────

    def send(self, data: bytes) -> None:
        """Bytes of a reply, in the clear."""
        self.top.write(data)

    def entrust(self, work: Work | None) -> None:
        """Have ``work`` give up when the connection is lost, or has to go; None when nothing is under way any more."""
        self._under_way = work

    async def play(
        self,
        data: bytes,
        links: Sequence[Link],
        *,
        fired: Callable[[int], None],
        ended: Callable[[Playback], None],
    ) -> None:
        """Send a reply through byte faults.

        Returns once its last byte went out. If a fault cut it, only once the connection is gone: until then nobody else may
        speak on it, nor close it in another way than the fault does.
        """
        out = self._loop.create_future()

        def on_end(ending: Ending) -> None:
            ended(playback)
            if ending is Ending.PLAYED:
                self.entrust(None)
                out.set_result(None)

        playback = Playback(self._loop, self, data, links, fired=fired, ended=on_end)
        self._cut = out
        self.entrust(playback)
        playback.play()
        await out

    def work_ended(self) -> None:
        """The request handler has nothing to do any more."""
        self._working = False
        self._settle()

    # ── what the transport says ──────────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.raw = self.top = cast("asyncio.Transport", transport)
        self.desk.opened(self)

    def data_received(self, data: bytes) -> None:
        if self._on_first_bytes is not None:
            then, self._on_first_bytes = self._on_first_bytes, None
            then()
        self._receive(data)

    def eof_received(self) -> bool | None:
        if not self.top.is_closing():
            self.client_ended("fin")
        return self._inner.eof_received() if self._inner is not None else None

    def pause_writing(self) -> None:
        if self._inner is not None:
            self._inner.pause_writing()

    def resume_writing(self) -> None:
        if self._inner is not None:
            self._inner.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.is_lost = True
        self._give_up()
        self._ended = self._ended or _blame(exc)
        if self._tls_failed is not None:
            self._tls_failed(_words(exc) if self._ended[0] == "client" or exc else "the server closed the connection")
        self.desk.lost(self, *self._ended)
        if self._inner is not None:
            self._inner.connection_lost(exc)
        if self._cut is not None and not self._cut.done():
            self._cut.set_result(None)
        self._settle()

    def client_ended(self, how: How) -> None:
        """The client was first to end it."""
        self._ended = self._ended or ("client", how)

    # ── within ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _end(self, how: How, perform: Callable[[], None]) -> None:
        self._ended = self._ended or ("server", how)
        perform()

    def _close(self) -> None:
        self._end("fin", self.raw.close)

    def _give_up(self) -> None:
        if self._under_way is not None:
            work, self._under_way = self._under_way, None
            work.give_up()

    def _has_delivered(self) -> bool:
        return not (self.top.get_write_buffer_size() or real_sockets.unsent_bytes(self.raw))

    def _once(self, ready: Callable[[], bool], then: Callable[[], None], poll_s: float = POLL_S) -> None:
        if self.is_lost or self.raw.is_closing():
            return
        if ready():
            then()
        else:
            self._loop.call_later(poll_s, self._once, ready, then, min(poll_s * 1.1, SLOWEST_POLL_S))

    def _settle(self) -> None:
        if self.is_lost and not self._working and not self.gone.done():
            self.gone.set_result(None)


class AboveTls(asyncio.Protocol):
    """Stands between TLS and HTTP: HTTP begins only when the handshake is through."""

    def __init__(self, gate: Gate, handler_for: HandlerFactory) -> None:
        self._gate = gate
        self._handler_for = handler_for
        self._handler: asyncio.Protocol | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._handler = self._gate.start_http(cast("asyncio.Transport", transport), self._handler_for)

    def data_received(self, data: bytes) -> None:
        self.handler.data_received(data)

    def eof_received(self) -> bool | None:
        self._gate.client_ended("fin")
        self.handler.eof_received()
        return None

    def pause_writing(self) -> None:
        self.handler.pause_writing()

    def resume_writing(self) -> None:
        self.handler.resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        self.handler.connection_lost(exc)

    @property
    def handler(self) -> asyncio.Protocol:
        assert self._handler is not None, "TLS speaks only after its handshake"
        return self._handler


def _discard(data: bytes) -> None:
    """Hear nothing."""


def _fill(protocol: asyncio.BufferedProtocol, data: bytes) -> None:
    """Feed bytes to a protocol that wants them in its own buffer."""
    while data:
        buffer = memoryview(protocol.get_buffer(len(data)))
        taken = min(len(buffer), len(data))
        buffer[:taken] = data[:taken]
        protocol.buffer_updated(taken)
        data = data[taken:]


def _blame(exc: Exception | None) -> tuple[By, How]:
    """Who ended a connection of which nothing else is known than how its transport lost it."""
    if isinstance(exc, ssl.SSLError):  # an alert is the client's last word; all else was refused here
        return ("client" if "ALERT" in (exc.reason or "") else "server"), "fin"
    if isinstance(exc, OSError) and not isinstance(exc, ConnectionAbortedError):  # that one is asyncio's handshake timeout
        return "client", "reset"
    return "server", "fin"


def _words(exc: Exception | None) -> str:
    """Why a handshake failed, as OpenSSL says it."""
    if isinstance(exc, ssl.SSLError) and exc.reason:
        return exc.reason.lower().replace("_", " ")
    return str(exc) if exc is not None and str(exc) else "the client left during the handshake"

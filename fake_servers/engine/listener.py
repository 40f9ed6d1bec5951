"""A listening port that can stop and resume: the ``refused`` fault."""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import socket
import ssl
from collections.abc import Callable

from fake_servers.engine import real_sockets
from fake_servers.errors import ListenError

BACKLOG = 256

LOOK_EVERY_S = 0.05
"""How often to look whether a deaf port has dropped something."""


class Listener:
    """One port of one host. Connections that were accepted live on, whatever becomes of it.

    Args:
        port: 0 takes a free one.
        hold_port: Keep the port with a second, never listening socket, so that it stays ours and refuses while closed. For
            real sockets only.
        context: Speak TLS below ``factory``'s protocols. Services do not: their faults act on both sides of it.

    Attributes:
        port: The real one, once open.
    """

    def __init__(
        self,
        factory: Callable[[], asyncio.BaseProtocol],
        host: str,
        port: int = 0,
        *,
        hold_port: bool,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.host, self.port = host, port
        self._context = context
        self._address = "127.0.0.1" if _is_local_name(host) else host  # such a name may be known to browsers only
        self._factory = factory
        self._hold_port = hold_port
        self._holder: socket.socket | None = None
        self._server: asyncio.Server | None = None
        self._is_closed = False
        self._is_deaf = False
        self._watching: asyncio.TimerHandle | None = None

    @property
    def is_listening(self) -> bool:
        return self._server is not None

    async def open(self) -> None:
        """Start to listen.

        Raises:
            ListenError: The address cannot be had.
        """
        try:
            if self._hold_port and self._holder is None:
                self._holder = real_sockets.held_port(self._address, self.port)
                self.port = self._holder.getsockname()[1]
            await self.resume()
        except OSError as exc:
            self.close()
            raise ListenError(_why(self.host, self.port, exc)) from exc

    async def resume(self) -> None:
        """Listen, on the same port as before.

        Raises:
            OSError: The port is taken; it cannot be while it is held.
        """
        if self._server is not None or self._is_closed:
            return
        server = await asyncio.get_running_loop().create_server(
            self._factory,
            self._address,
            self.port,
            backlog=BACKLOG,
            reuse_port=True if self._holder is not None else None,
            ssl=self._context,
        )
        if self._is_closed:  # meanwhile
            server.close()
            return
        self._server = server
        self.port = server.sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Refuse further connections."""
        if self._server is not None:
            self._server.close()
            self._server = None

    def deafen(self, knocked: Callable[[], None]) -> None:
        """Answer nobody who wants to connect; ``knocked`` is told that somebody does, as soon as it can be known."""
        server, self._is_deaf = self._server, True
        own: Callable[[Callable[[], None]], None] | None = getattr(server, "deafen", None)
        if own is not None:
            own(knocked)
        elif server is not None:
            for sock in server.sockets:
                real_sockets.deafen(sock)
            self._watch(knocked, sum(map(real_sockets.dropped, server.sockets)))

    def _watch(self, knocked: Callable[[], None], before: int) -> None:
        """Ask the kernel now and then, until it has dropped something; and a last time once it drops no longer."""
        self._watching = None
        if self._server is None:
            return
        if sum(map(real_sockets.dropped, self._server.sockets)) > before:
            knocked()
        elif self._is_deaf:
            self._watching = asyncio.get_running_loop().call_later(LOOK_EVERY_S, self._watch, knocked, before)

    def hear_again(self) -> None:
        """Undo ``deafen``."""
        server, self._is_deaf = self._server, False
        own: Callable[[], None] | None = getattr(server, "hear_again", None)
        if own is not None:
            own()
        elif server is not None:
            for sock in server.sockets:
                real_sockets.hear_again(sock)

    def close(self) -> None:
        """Stop for good and give the port back."""
        if self._watching is not None:
            self._watching.cancel()
        self._is_closed = True
        self.stop()
        if self._holder is not None:
            self._holder.close()
            self._holder = None


def checked_host(host: str) -> str:
    """``host``, if it means this machine only.

    Raises:
        ListenError: It does not, or is a name that cannot be told.
    """
    if is_this_machine(host):
        return host
    raise ListenError(
        f"{host!r} is not an address of this machine alone: fake license services listen on 127.0.0.1, ::1 or localhost only, "
        "so that no device takes them for real ones"
    )


def is_this_machine(host: str) -> bool:
    """Whether only this machine can come there; not so for a name of which that cannot be told."""
    if _is_local_name(host):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_local_name(host: str) -> bool:
    """RFC 6761, 6.3: such names mean this machine."""
    return host.lower() == "localhost" or host.lower().endswith(".localhost")


def _why(host: str, port: int, exc: OSError) -> str:
    if exc.errno == errno.EADDRINUSE:
        return f"port {port} on {host} is in use: choose another, or 0 for any free one"
    if exc.errno == errno.EACCES:
        return f"port {port} on {host} needs rights that this process lacks: choose one above 1023, or 0 for any free one"
    return f"cannot listen on {host} port {port}: {exc.strerror or exc}"

"""A network in memory: names, listeners, connections. Everything that an event loop would ask a kernel for.

It lives on one virtual loop and takes that loop's time. It knows neither HTTP nor faults: a fault is a name taken
away, a listener closed, an address that keeps silent, or a transport that is reset.
"""

from __future__ import annotations

import asyncio
import errno
import ipaddress
import itertools
import os
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias, cast

from harness.world.simulated_server import SimulatedServer
from harness.world.simulated_socket import Address, Readiness, SimulatedSocket
from harness.world.simulated_transport import Crossing, SimulatedTransport

AddressInfo: TypeAlias = tuple[socket.AddressFamily, socket.SocketKind, int, str, Address]
ProtocolFactory: TypeAlias = Callable[[], asyncio.BaseProtocol]
Tap: TypeAlias = Callable[[float, Address, Address, Crossing], None]

DEFAULT_LATENCY_S = 0.0005
"""One way. A LAN's half millisecond: long enough that nothing arrives in the instant in which it was sent."""

CONNECT_TIMEOUT_S = 127.0
"""When Linux gives up on a silent address: six repeats of a SYN, 1 + 2 + 4 + ... + 64 s (tcp_syn_retries = 6)."""

RESOLVE_TIMEOUT_S = 10.0
"""When a resolver gives up on a silent name server: two tries of 5 s (resolv.conf(5), its defaults)."""

FIRST_SERVER_PORT = 20_001
CLIENT_PORTS = range(32_768, 61_000)  # Linux: net.ipv4.ip_local_port_range; taken in turn, again from the first


@dataclass(frozen=True, slots=True)
class RefusedConnection:
    """Proof that a client met a closed port: when the refusal left, and where it had knocked."""

    at: float
    host: str
    port: int


@dataclass(frozen=True, slots=True)
class UnresolvedName:
    """Proof that a client asked for a name that got no answer, and when it asked."""

    at: float
    name: str


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedConnection:
    """Both ends of a connection, and when the client had it."""

    opened_at: float
    client: SimulatedTransport
    server: SimulatedTransport

    @property
    def is_open(self) -> bool:
        return not (self.client.is_closing() and self.server.is_closing())


class SimulatedNetwork:
    """The network of one virtual loop.

    Args:
        loop: Its time and its queue carry everything.
        latency: Seconds that a byte, a FIN or a reset takes from one end to the other.

    Attributes:
        names: Host name (lower case) to IPv4 address: the whole DNS. ``localhost`` and IPv4 literals need no entry.
        silent_names: Names whose query nobody answers; the client's resolver gives up after 10 s.
        silent_addresses: ``(host, port)`` that swallow connection attempts, as behind a firewall that drops.
        refused: Every connection attempt that met a closed port, in order.
        on_refused: Called with each of them as it happens.
        unresolved: Every look-up that failed, in order.
        tap: Told of everything that any end sends, as it leaves: time, sender, receiver, bytes or signal.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, latency: float = DEFAULT_LATENCY_S) -> None:
        self.names: dict[str, str] = {}
        self.silent_names: set[str] = set()
        self.silent_addresses: set[Address] = set()
        self.refused: list[RefusedConnection] = []
        self.on_refused: Callable[[RefusedConnection], None] = lambda _: None
        self.unresolved: list[UnresolvedName] = []
        self.tap: Tap | None = None
        self._loop = loop
        self._latency = latency
        self._listeners: dict[Address, SimulatedServer] = {}
        self._connected: dict[socket.socket, SimulatedSocket] = {}  # real socket: what sock_connect made of it
        self._ends: dict[SimulatedTransport, SimulatedConnection] = {}
        self._accepted: dict[SimulatedTransport, SimulatedServer] = {}
        self._server_ports = itertools.count(FIRST_SERVER_PORT)
        self._client_ports = itertools.cycle(CLIENT_PORTS)
        self._readiness = Readiness()

    @property
    def latency(self) -> float:
        return self._latency

    @property
    def connections_open(self) -> list[SimulatedConnection]:
        """Connections of which an end is still open, oldest first."""
        return [connection for connection in dict.fromkeys(self._ends.values()) if connection.is_open]

    # -- names ---------------------------------------------------------------------------------------------------

    async def resolve(
        self, host: str | bytes | None, port: str | bytes | int | None, *, family: int = 0, flags: int = 0
    ) -> list[AddressInfo]:
        """What ``getaddrinfo`` says here: one IPv4 address.

        Raises:
            socket.gaierror: EAI_NONAME for an unknown name or for IPv6, EAI_AGAIN for a silent one.
        """
        name = (host.decode("ascii") if isinstance(host, bytes) else host or "").rstrip(".").lower()
        address = _literal(name, passive=bool(flags & socket.AI_PASSIVE))
        if address is None and not flags & socket.AI_NUMERICHOST:
            address = await self._ask_name_server(name)
        if address is None or family not in (socket.AF_UNSPEC, socket.AF_INET):
            self.unresolved.append(UnresolvedName(self._loop.time(), name))
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, _number(port)))]

    async def _ask_name_server(self, name: str) -> str | None:
        asked_at = self._loop.time()
        if name in self.silent_names:
            await asyncio.sleep(RESOLVE_TIMEOUT_S)
            self.unresolved.append(UnresolvedName(asked_at, name))
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        await asyncio.sleep(2 * self._latency)
        return self.names.get(name)

    # -- connecting ----------------------------------------------------------------------------------------------

    def socket_factory(self, _info: Any = None) -> socket.socket:
        """For ``aiohttp.TCPConnector(socket_factory=...)``: a socket that opens no descriptor."""
        # The annotation is aiohttp's; it uses the socket only through this loop.
        return cast("socket.socket", SimulatedSocket(self._readiness.descriptor))

    async def connect(self, sock: socket.socket, address: Address) -> None:
        """What ``sock_connect`` does here. A real socket is remembered by identity and its descriptor closed.

        Raises:
            ConnectionRefusedError: Nobody listens there.
            TimeoutError: ETIMEDOUT, the address is silent.
        """
        ((*_, address),) = await self.resolve(*address[:2])
        if address in self.silent_addresses:
            await asyncio.sleep(CONNECT_TIMEOUT_S)
            raise TimeoutError(errno.ETIMEDOUT, f"Connect call failed {address}")
        await asyncio.sleep(self._latency)
        is_refused = self._listener(address) is None
        if is_refused:
            self.refused.append(RefusedConnection(self._loop.time(), *address))
            self.on_refused(self.refused[-1])
        await asyncio.sleep(self._latency)
        if is_refused:
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"Connect call failed {address}")
        self._mark_connected(sock, address)

    def _mark_connected(self, sock: socket.socket, address: Address) -> None:
        simulated = cast("object", sock)
        if not isinstance(simulated, SimulatedSocket):
            simulated = SimulatedSocket(self._readiness.descriptor)
            self._connected[sock] = simulated
            sock.close()
        simulated.sockname = ("127.0.0.1", simulated.sockname[1] or next(self._client_ports))
        simulated.peername = address

    def connected(self, sock: socket.socket) -> socket.socket:
        """The simulated socket that stands for ``sock``, once it is connected.

        Raises:
            OSError: ENOTCONN, ``sock`` was never connected through this network.
        """
        simulated = cast("SimulatedSocket", self._connected.pop(sock, sock))
        if not isinstance(simulated, SimulatedSocket) or simulated.peername is None:
            raise OSError(errno.ENOTCONN, f"{sock!r} is not connected in the simulated network; use --network loopback")
        return cast("socket.socket", simulated)

    def open(self, sock: SimulatedSocket, protocol: asyncio.BaseProtocol) -> SimulatedTransport:
        """The client's end of a new connection; the server learns of it one latency later."""
        assert sock.peername is not None, "open() takes a connected socket"
        client, server = self._end(sock), self._end(self._server_socket(sock))
        client.join(server)
        self._ends[client] = self._ends[server] = SimulatedConnection(self._loop.time(), client, server)
        self._loop.call_soon(client.begin, protocol)
        self._loop.call_at(self._loop.time() + self._latency, self._accept, sock.peername, server)
        return client

    def _end(self, sock: SimulatedSocket) -> SimulatedTransport:
        return SimulatedTransport(self._loop, sock, latency=self._latency, on_send=self._saw, on_closed=self._forget)

    def _server_socket(self, client: SimulatedSocket) -> SimulatedSocket:
        sock = SimulatedSocket(self._readiness.descriptor)
        assert client.peername is not None
        sock.sockname, sock.peername = client.peername, client.sockname
        return sock

    def _accept(self, address: Address, transport: SimulatedTransport) -> None:
        listener = self._listener(address)
        if listener is None:
            transport.reset()  # as a kernel does with what waits in the queue of a listener that closes
        else:
            self._accepted[transport] = listener
            listener.accept(transport)

    def _saw(self, sender: SimulatedTransport, piece: Crossing) -> None:
        if self.tap is not None:
            sock: SimulatedSocket = sender.get_extra_info("socket")
            self.tap(self._loop.time(), sock.getsockname(), sock.getpeername(), piece)

    def _forget(self, end: SimulatedTransport) -> None:
        self._ends.pop(end, None)
        server = self._accepted.pop(end, None)
        if server is not None:
            server.forget(end)

    # -- listening -----------------------------------------------------------------------------------------------

    async def listen(
        self,
        factory: ProtocolFactory,
        host: str | Sequence[str] | None,
        port: int,
        *,
        context: ssl.SSLContext | None = None,
    ) -> SimulatedServer:
        """A server bound to every host given (none: all addresses); port 0 takes the next free one.

        Raises:
            OSError: EADDRINUSE, somebody listens there already.
        """
        hosts = [host] if host is None or isinstance(host, str) else list(host)
        infos = [(await self.resolve(name, port, flags=socket.AI_PASSIVE))[0] for name in hosts]
        addresses = [self._free(address) for *_, address in dict.fromkeys(infos)]
        if context is not None:
            factory = self._with_tls(factory, context)
        return SimulatedServer(self, self._loop, factory, addresses)

    def _free(self, address: Address) -> Address:
        host, port = address
        if port == 0:
            return host, next(number for number in self._server_ports if self._listener((host, number)) is None)
        if address in self._listeners:
            reason = os.strerror(errno.EADDRINUSE).lower()
            raise OSError(errno.EADDRINUSE, f"error while attempting to bind on address {address!r}: {reason}")
        return address

    def _with_tls(self, factory: ProtocolFactory, context: ssl.SSLContext) -> ProtocolFactory:
        def tls() -> asyncio.BaseProtocol:
            waiter = self._loop.create_future()
            waiter.add_done_callback(_note_outcome)
            return sslproto.SSLProtocol(self._loop, factory(), context, waiter, server_side=True)

        return tls

    def start_listening(self, server: SimulatedServer, addresses: Sequence[Address]) -> None:
        self._listeners.update(dict.fromkeys(addresses, server))

    def stop_listening(self, addresses: Sequence[Address]) -> None:
        for address in addresses:
            self._listeners.pop(address, None)

    def _listener(self, address: Address) -> SimulatedServer | None:
        return self._listeners.get(address) or self._listeners.get(("0.0.0.0", address[1]))

    def listening(self) -> Iterator[Address]:
        """Addresses that accept connections now, in the order in which they were bound."""
        return iter(list(self._listeners))

    async def shut_down(self) -> None:
        """Abort what is open, as a kernel does for a process that ends; every protocol loses its connection."""
        self.tap = None  # the run is over: this is no traffic of its own
        self._listeners.clear()
        for end in list(self._ends):
            end.abort()
        while self._ends:
            await asyncio.sleep(0)

    def close(self) -> None:
        """Drop everything; the loop calls it when it closes."""
        self._listeners.clear()
        self._connected.clear()
        self._ends.clear()
        self._accepted.clear()
        self._readiness.close()


def _literal(name: str, *, passive: bool) -> str | None:
    """The address that needs no name server."""
    if name in ("", "localhost"):
        return "0.0.0.0" if passive and not name else "127.0.0.1"
    try:
        return str(ipaddress.IPv4Address(name))
    except ValueError:
        return None


def _number(port: str | bytes | int | None) -> int:
    try:
        return int(port or 0)
    except ValueError:
        raise socket.gaierror(socket.EAI_SERVICE, "Servname not supported for ai_socktype") from None


def _note_outcome(waiter: asyncio.Future[Any]) -> None:
    """A server's handshake has no caller to fail: the client's end shows what went wrong."""
    if not waiter.cancelled():
        waiter.exception()

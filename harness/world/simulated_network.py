"""A network in memory: names, listeners, connections. Everything that an event loop would ask a kernel for.

It lives on one virtual loop and takes that loop's time. It knows neither HTTP nor faults: a fault is a name taken
away, a listener closed, an address that keeps silent, a path that is cut, or a transport that is reset.
"""

from __future__ import annotations

import asyncio
import errno
import itertools
import os
import socket
import ssl
from asyncio import sslproto
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Any, TypeAlias, cast

from harness.world.one_way import Crossing, Link, OneWay
from harness.world.partitions import NAME_SERVER, Partitions
from harness.world.simulated_names import NameServer, literal
from harness.world.simulated_server import SimulatedServer
from harness.world.simulated_socket import Address, Readiness, SimulatedSocket
from harness.world.simulated_transport import SimulatedTransport

ProtocolFactory: TypeAlias = Callable[[], asyncio.BaseProtocol]
Tap: TypeAlias = Callable[[float, Address, Address, Crossing], None]

SYN_PAUSES_S = (1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
"""How long Linux waits for the answer to each SYN: seven of them, then it gives up, after 127 s (tcp_syn_retries = 6)."""

FIRST_SERVER_PORT = 20_001
CLIENT_PORTS = range(32_768, 61_000)  # Linux: net.ipv4.ip_local_port_range; taken in turn, again from the first


@dataclass(frozen=True, slots=True)
class RefusedConnection:
    """Proof that a client met a closed port: when the refusal left, and where it had knocked."""

    at: float
    host: str
    port: int


@dataclass(frozen=True, slots=True, eq=False)
class SimulatedConnection:
    """Both ends of a connection, the ways between them, and when the client had it."""

    opened_at: float
    client: SimulatedTransport
    server: SimulatedTransport
    there: OneWay
    back: OneWay

    @property
    def is_open(self) -> bool:
        return not (self.client.is_closing() and self.server.is_closing())

    @property
    def hosts(self) -> tuple[str, str]:
        """The addresses of client and server."""
        return self.client.get_extra_info("sockname")[0], self.client.get_extra_info("peername")[0]

    def set_paths(self, *, there: bool, back: bool) -> None:
        """Whether the client's bytes get to the server, and the server's to the client."""
        self.there.set_path(gets_there=there, comes_back=back)
        self.back.set_path(gets_there=back, comes_back=there)


class SimulatedNetwork:
    """The network of one virtual loop.

    Args:
        loop: Its time and its queue carry everything.
        link: How any two ends are joined.
        rng: For the link's jitter alone.

    Attributes:
        link: As given.
        client_address: From where clients connect, unless they bind an address.
        names: Host name (lower case) to IPv4 address: the whole DNS. ``localhost`` and IPv4 literals need no entry.
        silent_names: Names whose query nobody answers; the client's resolver gives up after 10 s.
        silent_addresses: ``(host, port)`` that swallow connection attempts, as behind a firewall that drops.
        deaf_ports: The same, of servers that are deaf for a while; and whom to tell of each attempt.
        refused: Every connection attempt that met a closed port, in order.
        on_refused: Called with each of them as it happens.
        unresolved: Every look-up that failed, in order.
        tap: Told of everything that any end sends, as it leaves: time, sender, receiver, bytes or signal.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, *, link: Link | None = None, rng: Random | None = None) -> None:
        self.link = link or Link()
        self.client_address = "127.0.0.1"
        self.silent_addresses: set[Address] = set()
        self.deaf_ports: dict[Address, Callable[[], None]] = {}
        self.refused: list[RefusedConnection] = []
        self.on_refused: Callable[[RefusedConnection], None] = lambda _: None
        self.tap: Tap | None = None
        self._loop = loop
        self._latency = self.link.latency
        self._rng = rng or Random(0)
        self._partitions = Partitions()
        self._name_server = NameServer(loop, self._latency, self._cannot_ask)
        self.names, self.silent_names = self._name_server.names, self._name_server.silent
        self.unresolved, self.resolve = self._name_server.unresolved, self._name_server.resolve
        self._listeners: dict[Address, SimulatedServer] = {}
        self._connected: dict[socket.socket, SimulatedSocket] = {}  # real socket: what sock_connect made of it
        self._ends: dict[SimulatedTransport, SimulatedConnection] = {}
        self._dead: dict[SimulatedConnection, None] = {}  # whose client has another address by now
        self._accepted: dict[SimulatedTransport, SimulatedServer] = {}
        self._server_ports = itertools.count(FIRST_SERVER_PORT)
        self._client_ports = itertools.cycle(CLIENT_PORTS)
        self._readiness = Readiness()

    @property
    def connections_open(self) -> list[SimulatedConnection]:
        """Connections of which an end is still open, oldest first."""
        return [connection for connection in self._connections() if connection.is_open]

    def _connections(self) -> list[SimulatedConnection]:
        return list(dict.fromkeys(self._ends.values()))

    # -- outages -------------------------------------------------------------------------------------------------

    def partition(self, a: str, b: str | None = None, *, one_way: bool = False) -> None:
        """Cut the path between two hosts; what is on its way still arrives.

        Open connections hear nothing of it: TCP sends again and again, and gives up after 924.6 s (ETIMEDOUT). New ones
        time out after 127 s.

        Args:
            a: A host, by name or IPv4 address.
            b: Another; None for all others, the name server included.
            one_way: Nothing gets from ``a`` to ``b``, but what ``b`` sends arrives (and ``b`` never hears that it did).
        """
        self._partitions.cut(self._address_of(a), b and self._address_of(b), one_way=one_way)
        self._set_paths()

    def heal(self, a: str, b: str | None = None, *, one_way: bool = False) -> None:
        """Undo :meth:`partition`. A connection goes on when TCP sends again: the longer the cut, the rarer that is.

        Raises:
            ValueError: Nothing is cut between these two.
        """
        self._partitions.heal(self._address_of(a), b and self._address_of(b), one_way=one_way)
        self._set_paths()

    def change_address(self, new: str) -> None:
        """The clients' device gets another address, as on the way from one Wi-Fi to another.

        Its connections die in silence: neither side hears anything, and whoever sends gives up after 924.6 s. New
        connections come from ``new``.
        """
        old, self.client_address = self.client_address, self._address_of(new)
        for connection in self._connections():
            if connection.hosts[0] == old:
                self._dead[connection] = None
                connection.set_paths(there=False, back=False)

    def restart(self, host: str, port: int, *, down_s: float) -> None:
        """The server at this address is killed: its connections are reset, and nobody listens for ``down_s`` seconds.

        Raises:
            ValueError: Nobody listens there.
        """
        address = (self._address_of(host), port)
        server = self._listener(address)
        if server is None:
            raise ValueError(f"nobody listens at {host}:{port}, so nothing can restart there")
        server.restart(down_s)

    def _address_of(self, host: str) -> str:
        address = literal(host) or self.names.get(host.lower())
        if address is None:
            raise ValueError(
                f"{host!r} is neither an IPv4 address nor a name of this network ({', '.join(self.names) or 'it has none'})"
            )
        return address

    def _cannot_ask(self) -> bool:
        return self._is_cut(self.client_address, NAME_SERVER)

    def _is_cut(self, a: str, b: str) -> bool:
        """Whether nothing can be settled between them, since one of them cannot hear the other."""
        return self._partitions.separates(a, b) or self._partitions.separates(b, a)

    def _set_paths(self) -> None:
        for connection in self._connections():
            if connection not in self._dead:
                self._set_path(connection)

    def _set_path(self, connection: SimulatedConnection) -> None:
        client, server = connection.hosts
        there, back = self._partitions.separates(client, server), self._partitions.separates(server, client)
        connection.set_paths(there=not there, back=not back)

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
        await self._get_heard(sock, address)
        await asyncio.sleep(self._latency)
        is_refused = self._listener(address) is None
        if is_refused:
            self.refused.append(RefusedConnection(self._loop.time(), *address))
            self.on_refused(self.refused[-1])
        await asyncio.sleep(self._latency)
        if is_refused:
            raise ConnectionRefusedError(errno.ECONNREFUSED, f"Connect call failed {address}")
        self._mark_connected(sock, address)

    async def _get_heard(self, sock: socket.socket, address: Address) -> None:
        """Knock until it can be answered."""
        for pause in SYN_PAUSES_S:
            if address in self.deaf_ports:
                self.deaf_ports[address]()
            elif address not in self.silent_addresses and not self._is_cut(self._source(sock), address[0]):
                return
            await asyncio.sleep(pause)
        raise TimeoutError(errno.ETIMEDOUT, f"Connect call failed {address}")

    def _source(self, sock: socket.socket) -> str:
        bound = cast("str", sock.getsockname()[0])
        return self.client_address if bound in ("0.0.0.0", "::") else bound

    def _mark_connected(self, sock: socket.socket, address: Address) -> None:
        simulated, host = cast("object", sock), self._source(sock)
        if not isinstance(simulated, SimulatedSocket):
            simulated = SimulatedSocket(self._readiness.descriptor)
            self._connected[sock] = simulated
            sock.close()
        simulated.sockname = (host, simulated.sockname[1] or next(self._client_ports))
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

    def open(
        self, sock: SimulatedSocket, protocol: asyncio.BaseProtocol, made: asyncio.Future[None] | None = None
    ) -> SimulatedTransport:
        """The client's end of a new connection; the server learns of it one latency later."""
        client, server = self._end(sock), self._end(self._server_socket(sock))
        there, back = client.join(server, self.link, self._rng)
        connection = SimulatedConnection(self._loop.time(), client, server, there, back)
        self._ends[client] = self._ends[server] = connection
        if self._partitions:
            self._set_path(connection)
        self._loop.call_soon(client.begin, protocol, made)
        client.complete_handshake()
        return client

    def _end(self, sock: SimulatedSocket) -> SimulatedTransport:
        return SimulatedTransport(self._loop, sock, on_send=self._saw, on_open=self._accept, on_closed=self._forget)

    def _server_socket(self, client: SimulatedSocket) -> SimulatedSocket:
        sock = SimulatedSocket(self._readiness.descriptor)
        assert client.peername is not None
        sock.sockname, sock.peername = client.peername, client.sockname
        return sock

    def _accept(self, transport: SimulatedTransport) -> None:
        listener = self._listener(transport.get_extra_info("sockname"))
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
        connection = self._ends.pop(end, None)
        if connection is not None and not connection.is_open:
            self._dead.pop(connection, None)
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
        self._dead.clear()
        self._accepted.clear()
        self._readiness.close()


def _note_outcome(waiter: asyncio.Future[Any]) -> None:
    """A server's handshake has no caller to fail: the client's end shows what went wrong."""
    if not waiter.cancelled():
        waiter.exception()

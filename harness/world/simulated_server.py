"""What ``loop.create_server`` returns in the simulated network: asyncio's Server, as far as servers use it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from harness.world.simulated_socket import Address
from harness.world.simulated_transport import SimulatedTransport


class Ports(Protocol):
    """The part of a network that a server needs."""

    deaf_ports: dict[Address, Callable[[], None]]

    def start_listening(self, server: Any, addresses: Sequence[Address]) -> None: ...
    def stop_listening(self, addresses: Sequence[Address]) -> None: ...


@dataclass(frozen=True, slots=True)
class ListeningSocket:
    """Tells where the server is to be found; there is no descriptor behind it."""

    address: Address
    family = socket.AF_INET
    type = socket.SOCK_STREAM

    def getsockname(self) -> Address:
        return self.address


class SimulatedServer(asyncio.AbstractServer):
    """Accepts connections on ``addresses`` with a new protocol from ``factory`` for each.

    ``wait_closed`` waits for the connections too, as documented (and done since Python 3.12).
    """

    def __init__(
        self,
        network: Ports,
        loop: asyncio.AbstractEventLoop,
        factory: Callable[[], asyncio.BaseProtocol],
        addresses: Sequence[Address],
    ) -> None:
        self._network = network
        self._loop = loop
        self._factory = factory
        self._addresses = tuple(addresses)
        self._clients: dict[SimulatedTransport, None] = {}  # a dict keeps their order
        self._serving = False
        self._closed = False
        self._restarts = 0
        self._serving_forever: asyncio.Future[None] | None = None
        self._closed_waiters: list[asyncio.Future[None]] = []

    @property
    def sockets(self) -> tuple[ListeningSocket, ...]:
        return () if self._closed else tuple(map(ListeningSocket, self._addresses))

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._loop

    def is_serving(self) -> bool:
        return self._serving

    async def start_serving(self) -> None:
        if self._closed:
            raise RuntimeError(f"server {self!r} is closed")
        self._serving = True
        self._network.start_listening(self, self._addresses)

    async def serve_forever(self) -> None:
        await self.start_serving()
        self._serving_forever = self._loop.create_future()
        try:
            await self._serving_forever
        finally:
            self.close()

    def accept(self, transport: SimulatedTransport) -> None:
        """Take over the server's end of a connection; called by the network."""
        try:
            protocol = self._factory()
        except Exception as exc:  # noqa: BLE001 - reported below; asyncio too goes on serving after a bad factory
            self._loop.call_exception_handler(
                {"message": "Error on transport creation for incoming connection", "exception": exc}
            )
            transport.close()
            return
        self._clients[transport] = None
        transport.begin(protocol)

    def forget(self, transport: SimulatedTransport) -> None:
        """The connection is over; called by the network."""
        self._clients.pop(transport, None)
        self._wake_if_done()

    def close(self) -> None:
        """Stop accepting; connections go on."""
        if self._closed:
            return
        self._closed, self._serving = True, False
        self._network.stop_listening(self._addresses)
        self.hear_again()
        if self._serving_forever is not None:
            self._serving_forever.cancel()
        self._wake_if_done()

    def restart(self, down_s: float) -> None:
        """Reset every connection, and refuse further ones for ``down_s`` seconds."""
        self._network.stop_listening(self._addresses)
        for transport in list(self._clients):
            transport.crash()
        self._restarts += 1
        self._loop.call_later(down_s, self._come_back, self._restarts)

    def _come_back(self, restart: int) -> None:
        if self._serving and restart == self._restarts:  # not closed meanwhile, nor killed again
            self._network.start_listening(self, self._addresses)

    def deafen(self, knocked: Callable[[], None]) -> None:
        """Answer nobody who wants to connect; ``knocked`` is told of each knock."""
        self._network.deaf_ports.update(dict.fromkeys(self._addresses, knocked))

    def hear_again(self) -> None:
        """Undo :meth:`deafen`."""
        for address in self._addresses:
            self._network.deaf_ports.pop(address, None)

    def close_clients(self) -> None:
        for transport in list(self._clients):
            transport.close()

    def abort_clients(self) -> None:
        for transport in list(self._clients):
            transport.abort()

    async def wait_closed(self) -> None:
        if self._closed and not self._clients:
            return
        waiter = self._loop.create_future()
        self._closed_waiters.append(waiter)
        await waiter

    def _wake_if_done(self) -> None:
        if self._closed and not self._clients:
            for waiter in self._closed_waiters:
                if not waiter.done():
                    waiter.set_result(None)

    def __repr__(self) -> str:
        return f"<{type(self).__name__} {', '.join(f'{host}:{port}' for host, port in self._addresses)}>"

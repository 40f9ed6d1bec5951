"""Two ends of a connection that note what they are told; the same on both networks."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any, cast

from harness.world.simulated_network import SimulatedNetwork
from harness.world.simulated_transport import SimulatedTransport
from harness.world.virtual_loop import VirtualLoop

Log = list[tuple[Any, ...]]


def network() -> SimulatedNetwork:
    return cast("VirtualLoop", asyncio.get_running_loop()).network


class Notes(asyncio.Protocol):
    """Notes what it is told, and lets a test wait for it."""

    def __init__(self, *, keeps_open: bool = False) -> None:
        self.log: Log = []
        self.keeps_open = keeps_open
        self.received = b""
        self._changed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._note("made")

    def data_received(self, data: bytes) -> None:
        self.received += data
        self._changed.set()

    def eof_received(self) -> bool:
        self._note("eof after", self.received if len(self.received) < 100 else len(self.received))
        return self.keeps_open

    def pause_writing(self) -> None:
        self._note("writing paused")

    def resume_writing(self) -> None:
        self._note("writing resumed")

    def connection_lost(self, exc: Exception | None) -> None:
        self._note("lost", repr(exc))

    def _note(self, *what: Any) -> None:
        self.log.append(what)
        self._changed.set()

    async def until(self, what: Callable[[Notes], bool]) -> None:
        async with asyncio.timeout(10):
            while not what(self):
                self._changed.clear()
                await self._changed.wait()

    async def until_lost(self) -> Log:
        await self.until(lambda notes: notes.log[-1][0] == "lost")
        return self.log


async def pair(server: Notes, client: Notes) -> None:
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: server, "127.0.0.1", 0)
    host, port = listener.sockets[0].getsockname()
    await loop.create_connection(lambda: client, host, port)
    await server.until(lambda notes: bool(notes.log))
    listener.close()


def reset(transport: asyncio.Transport) -> None:
    if isinstance(transport, SimulatedTransport):
        transport.reset()
    else:
        linger_for_nothing = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_nothing)
        transport.abort()

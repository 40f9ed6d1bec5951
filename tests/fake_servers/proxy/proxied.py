"""A proxy and what stands behind it, for tests: an upstream that says what it is told to, and keeps what it heard."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random

from fake_servers.engine.limits import Limits
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.proxy.host import PROXY_LIMITS, Proxy
from fake_servers.proxy.routes import Route
from fake_servers.proxy.session import ProxySession
from fake_servers.proxy.upstream import Upstream
from fake_servers.services.decision import Exchange
from tests.fake_servers.sessions import Journal, StoppedClock

LICENSES = (Route(Exchange.LICENSE),)
OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n\r\n\x00\x01\x02\r\n"

Speaks = Callable[["Call"], Awaitable[None]]


@dataclass(slots=True)
class Call:
    """One connection to the upstream, from its own side."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    head: bytes = b""
    body: bytes = b""

    async def hear(self) -> None:
        """The head of a request, and as much of a body as it announces (in chunks, as they stand)."""
        await self.hear_head()
        if b"transfer-encoding: chunked" in self.head.lower():
            while not self.body.endswith(b"0\r\n\r\n"):
                self.body += await self.reader.readuntil(b"\r\n")
        else:
            length = re.search(rb"(?i)\r\ncontent-length: *(\d+)", self.head)
            self.body = await self.reader.readexactly(int(length[1]) if length else 0)

    async def hear_head(self) -> None:
        self.head = await self.reader.readuntil(b"\r\n\r\n")

    async def say(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def reset(self) -> None:
        """Once everything said has left."""
        import socket
        import struct

        sock = self.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.writer.transport.abort()

    @property
    def fields(self) -> list[tuple[str, str]]:
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return [(name, value.strip()) for name, _, value in (line.partition(":") for line in lines)]


@dataclass(slots=True)
class Calls:
    """What an upstream heard."""

    url: str
    calls: list[Call] = field(default_factory=list)


@asynccontextmanager
async def upstream(speaks: Speaks | bytes = OK) -> AsyncIterator[Calls]:
    """A server that hears a request and says these bytes; or does whatever it is told to, unheard."""
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        tasks.add(task)
        call = Call(reader, writer)
        calls.calls.append(call)
        try:
            if isinstance(speaks, bytes):
                await call.hear()
                await call.say(speaks)
            else:
                await speaks(call)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the proxy left first
        finally:
            writer.close()
            with suppress(OSError):
                await writer.wait_closed()
            tasks.discard(task)

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    calls = Calls(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
    try:
        yield calls
    finally:
        server.close()
        for task in list(tasks):
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)


@asynccontextmanager
async def proxied(
    url: str,
    *rules: Rule,
    routes: Sequence[Route] = LICENSES,
    tls: bool = False,
    limits: Limits = PROXY_LIMITS,
    ca_file: Path | None = None,
    silence_s: float = 20.0,
) -> AsyncIterator[tuple[ProxySession, Journal]]:
    """One session in front of the upstream at ``url``, begun."""
    journal = Journal()
    async with Proxy(clock=StoppedClock(), rng=Random(7), limits=limits) as host:
        session = await host.open_proxied(
            upstream=Upstream.at(url, ca_file=ca_file, silence_s=silence_s),
            routes=routes,
            script=FaultScript(rules),
            journal=journal,
            tls=tls,
        )
        session.begin()
        yield session, journal


def address(session: ProxySession, path: str = "/") -> str:
    """Where this is asked for."""
    return session.endpoints["license"].rstrip("/") + path

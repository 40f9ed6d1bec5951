"""A small closed-loop load: so many keep-alive connections, each sending the next request when its reply is there."""

from __future__ import annotations

import asyncio

from tests.benchmarks.servers import REQUEST, Running

LONGEST_REPLY_S = 20.0


def request_bytes(server: Running) -> bytes:
    """One POST, as sent every time."""
    head = (
        f"POST {server.path} HTTP/1.1\r\nHost: {server.host}:{server.port}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(REQUEST)}\r\n\r\n"
    )
    return head.encode() + REQUEST


async def read_reply(reader: asyncio.StreamReader) -> bool:
    """Read one reply with a Content-Length; whether the connection lives on."""
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    if not head.startswith((b"http/1.1 200", b"http/1.0 200")):
        raise RuntimeError(f"the server answered {head[:60]!r}")
    length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.startswith(b"content-length"))
    await reader.readexactly(length)
    return head.startswith(b"http/1.1") and b"connection: close" not in head


class Connection:
    """A connection that is kept alive where the server keeps it."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._wire = request_bytes(server)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def exchange(self) -> None:
        """One request, one reply."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(self._server.host, self._server.port)
        reader, writer = self._streams
        writer.write(self._wire)
        if not await read_reply(reader):
            await self.close()

    async def close(self) -> None:
        """Close it, if it is open."""
        if self._streams is not None:
            self._streams[1].close()
            await self._streams[1].wait_closed()
            self._streams = None


async def requests_a_second(server: Running, *, connections: int, seconds: float) -> float:
    """Replies a second over all connections."""
    loop = asyncio.get_running_loop()
    began, done = loop.time(), 0

    async def one() -> None:
        nonlocal done
        connection = Connection(server)
        try:
            while loop.time() < began + seconds:
                await connection.exchange()
                done += 1
        finally:
            await connection.close()

    async with asyncio.timeout(seconds + LONGEST_REPLY_S):
        await asyncio.gather(*(one() for _ in range(connections)))
    return done / (loop.time() - began)


async def latencies_s(server: Running, *, count: int, gap_s: float) -> list[float]:
    """Seconds from each request to its whole reply, one after the other on one connection."""
    loop = asyncio.get_running_loop()
    connection = Connection(server)
    taken = []
    try:
        async with asyncio.timeout(count * (gap_s + 1) + LONGEST_REPLY_S):
            for _ in range(count):
                began = loop.time()
                await connection.exchange()
                taken.append(loop.time() - began)
                await asyncio.sleep(gap_s)
    finally:
        await connection.close()
    return taken

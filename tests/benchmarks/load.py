"""A small closed-loop load: so many keep-alive connections, each sending the next request when its reply is there.

Blocking sockets, served in a ring: the least that a load can cost, since server and load share the machine. No wait is longer
than ``LONGEST_REPLY_S``.
"""

from __future__ import annotations

import asyncio
import re
import socket
import time
from dataclasses import dataclass
from itertools import cycle

import psutil

from tests.benchmarks.servers import Running

LONGEST_REPLY_S = 5.0

_LENGTH = re.compile(rb"\r\ncontent-length: *(\d+)", re.IGNORECASE)
_CLOSES = re.compile(rb"\r\nconnection: *close", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Measured:
    """What some seconds of load found.

    Attributes:
        cpu_s: Of the server's process, user and system.
    """

    requests: int
    wall_s: float
    cpu_s: float

    @property
    def requests_a_second(self) -> float:
        return self.requests / self.wall_s

    @property
    def cpu_us(self) -> float:
        """Microseconds of the server's processor time for each request."""
        return 1e6 * self.cpu_s / self.requests


class Connection:
    """A connection that is kept alive where the server keeps it."""

    def __init__(self, server: Running) -> None:
        self._server = server
        self._socket: socket.socket | None = None

    def ask(self, body: bytes) -> None:
        """Send a request."""
        head = (
            f"POST {self._server.path} HTTP/1.1\r\nHost: {self._server.host}:{self._server.port}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        if self._socket is None:
            self._socket = socket.create_connection((self._server.host, self._server.port), LONGEST_REPLY_S)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(head.encode() + body)

    def hear(self) -> None:
        """Read the reply whole.

        Raises:
            RuntimeError: It is not a 200, or not whole.
            TimeoutError: It does not come.
        """
        assert self._socket is not None, "ask first"
        reply = self._socket.recv(65536)
        while b"\r\n\r\n" not in reply:
            reply += self._more()
        head, _, body = reply.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if length is None or head[9:12] != b"200":
            raise RuntimeError(f"the server answered {head[:60]!r}")
        missing = int(length[1]) - len(body)
        while missing > 0:
            missing -= len(self._more())
        if head.startswith(b"HTTP/1.0") or _CLOSES.search(head):
            self.close()

    def close(self) -> None:
        """Close it, if it is open."""
        if self._socket is not None:
            self._socket.close()
            self._socket = None

    def _more(self) -> bytes:
        assert self._socket is not None
        data = self._socket.recv(65536)
        if not data:
            raise RuntimeError("the server closed the connection within a reply")
        return data


def load(server: Running, bodies: tuple[bytes, ...], *, connections: int, seconds: float) -> Measured:
    """Ask for so long over so many connections; the bodies come in turn, again and again."""
    body = cycle(bodies)
    ring = [Connection(server) for _ in range(connections)]
    process = psutil.Process(server.pid)
    try:
        for connection in ring:
            connection.ask(next(body))
        done, cpu_s, began = 0, _cpu_s(process), time.perf_counter()
        while time.perf_counter() < began + seconds:
            for connection in ring:
                connection.hear()
                connection.ask(next(body))
            done += connections
        measured = Measured(done, time.perf_counter() - began, _cpu_s(process) - cpu_s)
        for connection in ring:
            connection.hear()
        return measured
    finally:
        for connection in ring:
            connection.close()


def latencies_s(server: Running, body: bytes, *, count: int, gap_s: float) -> list[float]:
    """Seconds from each request to its whole reply, one after the other on one connection."""
    connection = Connection(server)
    taken = []
    try:
        for _ in range(count):
            began = time.perf_counter()
            connection.ask(body)
            connection.hear()
            taken.append(time.perf_counter() - began)
            time.sleep(gap_s)
    finally:
        connection.close()
    return taken


async def timer_lateness_s(delay_s: float, *, count: int) -> list[float]:
    """How late timers of an event loop without any other work are: the least that any server on asyncio can do here."""
    loop = asyncio.get_running_loop()
    late = []
    for _ in range(count):
        due_s = loop.time() + delay_s
        await asyncio.sleep(delay_s)
        late.append(loop.time() - due_s)
    return late


def _cpu_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)

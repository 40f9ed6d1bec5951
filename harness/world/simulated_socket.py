"""What stands in a client's hands where a socket would: two addresses and a switch that says closed.

It carries no bytes; the transport does. It is accepted by aiohttp as the product of a ``socket_factory``.
"""

from __future__ import annotations

import errno
import os
import socket
from collections.abc import Callable
from typing import TypeAlias

Address: TypeAlias = tuple[str, int]


class SimulatedSocket:
    """An IPv4 stream socket without a descriptor.

    Args:
        descriptor: Called by :meth:`fileno` while the socket is open; see :class:`Readiness`.
    """

    family = socket.AF_INET
    type = socket.SOCK_STREAM
    proto = socket.IPPROTO_TCP

    def __init__(self, descriptor: Callable[[SimulatedSocket], int]) -> None:
        self._descriptor = descriptor
        self._options: dict[tuple[int, int], int | bytes] = {}
        self.sockname: Address = ("0.0.0.0", 0)
        self.peername: Address | None = None
        self.is_closed = False
        self.has_something_to_read = False

    def getsockname(self) -> Address:
        return self.sockname

    def getpeername(self) -> Address:
        if self.peername is None:
            raise OSError(errno.ENOTCONN, os.strerror(errno.ENOTCONN))
        return self.peername

    def bind(self, address: Address) -> None:
        self.sockname = address

    def setblocking(self, flag: bool) -> None:
        """Accepted and without effect: it never blocks."""

    def gettimeout(self) -> float:
        return 0.0

    def setsockopt(self, level: int, option: int, value: int | bytes) -> None:
        self._options[level, option] = value

    def getsockopt(self, level: int, option: int) -> int | bytes:
        return self._options.get((level, option), 0)

    def fileno(self) -> int:
        """A descriptor that can be polled for "is there anything to read?", or -1 once closed. Never read from it."""
        return -1 if self.is_closed else self._descriptor(self)

    def close(self) -> None:
        self.is_closed = True

    def __repr__(self) -> str:
        state = "closed " if self.is_closed else ""
        return f"<{state}{type(self).__name__} {self.sockname} to {self.peername}>"


class Readiness:
    """Answers polls on simulated sockets, with two real pipes for a whole network, opened on the first poll.

    httpcore polls the descriptor of an idle connection and throws the connection away if it is readable or
    missing; without an honest answer httpx would never reuse one. One pipe is silent for ever, the other has
    lost its writer and is therefore always readable.
    """

    def __init__(self) -> None:
        self._pipes: list[int] = []

    def descriptor(self, sock: SimulatedSocket) -> int:
        if not self._pipes:
            silent, silent_writer = os.pipe()
            ended, ended_writer = os.pipe()
            os.close(ended_writer)
            self._pipes = [silent, ended, silent_writer]
        silent, ended, _ = self._pipes
        return ended if sock.has_something_to_read else silent

    def close(self) -> None:
        while self._pipes:
            os.close(self._pipes.pop())

"""The DNS of a simulated network: a table, and names whose query nobody answers."""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from harness.world.simulated_socket import Address

AddressInfo: TypeAlias = tuple[socket.AddressFamily, socket.SocketKind, int, str, Address]

RESOLVE_TIMEOUT_S = 10.0
"""When a resolver gives up on a silent name server: two tries of 5 s (resolv.conf(5), its defaults)."""


@dataclass(frozen=True, slots=True)
class UnresolvedName:
    """Proof that a client asked for a name that got no answer, and when it asked."""

    at: float
    name: str


class NameServer:
    """Knows addresses, and keeps silent when it cannot be reached.

    Args:
        latency: Seconds, one way.
        is_cut_off: Whether nobody hears the clients' queries now.

    Attributes:
        names: Host name (lower case) to IPv4 address. ``localhost`` and IPv4 literals need no entry.
        silent: Names whose query nobody answers.
        unresolved: Every look-up that failed, in order.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, latency: float, is_cut_off: Callable[[], bool]) -> None:
        self.names: dict[str, str] = {}
        self.silent: set[str] = set()
        self.unresolved: list[UnresolvedName] = []
        self._loop = loop
        self._latency = latency
        self._is_cut_off = is_cut_off

    async def resolve(
        self, host: str | bytes | None, port: str | bytes | int | None, *, family: int = 0, flags: int = 0
    ) -> list[AddressInfo]:
        """What ``getaddrinfo`` says here: one IPv4 address.

        Raises:
            socket.gaierror: EAI_NONAME for an unknown name or for IPv6, EAI_AGAIN for a silent one.
        """
        name = (host.decode("ascii") if isinstance(host, bytes) else host or "").rstrip(".").lower()
        address = literal(name, passive=bool(flags & socket.AI_PASSIVE))
        if address is None and not flags & socket.AI_NUMERICHOST:
            address = await self._ask(name)
        if address is None or family not in (socket.AF_UNSPEC, socket.AF_INET):
            self.unresolved.append(UnresolvedName(self._loop.time(), name))
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, _number(port)))]

    async def _ask(self, name: str) -> str | None:
        asked_at = self._loop.time()
        if name in self.silent or self._is_cut_off():
            await asyncio.sleep(RESOLVE_TIMEOUT_S)
            self.unresolved.append(UnresolvedName(asked_at, name))
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        await asyncio.sleep(2 * self._latency)
        return self.names.get(name)


@lru_cache(maxsize=1024)  # every connection asks twice
def literal(name: str, *, passive: bool = False) -> str | None:
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

"""Sessions and a client for the engine's own tests, the same on both networks: asyncio streams, bytes in and out."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from random import Random
from typing import Any, TypeVar
from urllib.parse import urlsplit

import pytest

import fake_servers.faults  # registers the house's faults
from fake_servers.content_keys import key_id_text
from fake_servers.engine.host import FakeServices
from fake_servers.engine.limits import Limits
from fake_servers.engine.session import Session
from fake_servers.faults.base import Fault
from fake_servers.faults.script import FaultScript, Rule, When
from fake_servers.given import Given
from fake_servers.journal import Event
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time

T = TypeVar("T")
E = TypeVar("E", bound=Event)
Run = Callable[[Callable[[], Coroutine[Any, Any, T]]], T]

BODY = json.dumps({"kids": [key_id_text("film")], "type": "temporary"}).encode()
PATIENCE_S = 20.0


def on_loopback(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Real sockets, real time."""
    return asyncio.run(main())


on_both_networks = pytest.mark.parametrize("run", [on_loopback, run_in_virtual_time], ids=["loopback", "simulated"])


class StoppedClock:
    """2026-01-01T00:00:00Z, for ever."""

    def epoch_s(self) -> float:
        return 1_767_225_600.0


@dataclass(slots=True)
class Journal:
    """What a session told."""

    events: list[Event] = field(default_factory=list)

    def __call__(self, event: Event) -> None:
        self.events.append(event)

    def of(self, kind: type[E]) -> list[E]:
        """Events of one kind, in order."""
        return [event for event in self.events if isinstance(event, kind)]

    @property
    def kinds(self) -> list[str]:
        """The kinds of all events, in order."""
        return [event.kind for event in self.events]


def on_exchange(fault: Fault | str, nth: int | tuple[int, ...] | None = 1, exchange: str = "license", **more: Any) -> Rule:
    """A rule for a request."""
    return Rule(when=When.model_validate({"exchange": exchange, "nth": nth}), fault=_fault(fault, more))


def on_service(fault: Fault | str, service: str = "license", **when: Any) -> Rule:
    """A rule for a connection, or for a window of time."""
    return Rule(when=When.model_validate({"service": service, **when}), fault=_fault(fault, {}))


def _fault(fault: Fault | str, parameters: dict[str, Any]) -> Fault:
    return fault if isinstance(fault, Fault) else fake_servers.faults.base.FAULTS[fault].model_validate(parameters)


def services(limits: Limits | None = None, seed: int = 7) -> FakeServices:
    """Fake services for the network of the running loop."""
    is_real = not isinstance(asyncio.get_running_loop(), VirtualLoop)
    return FakeServices(clock=StoppedClock(), rng=Random(seed), hold_ports=is_real, limits=limits)


@asynccontextmanager
async def session_with(
    *rules: Rule,
    dialect: str = "clearkey",
    given: Given | None = None,
    tls: bool = False,
    limits: Limits | None = None,
    begin: bool = True,
) -> AsyncIterator[tuple[Session, Journal]]:
    """One session with ports of its own, begun."""
    journal = Journal()
    async with services(limits) as host:
        session = await host.open_session(
            dialect=dialect, script=FaultScript(rules), given=given or Given(), journal=journal, tls=tls
        )
        if begin:
            session.begin()
        yield session, journal


@dataclass(frozen=True, slots=True)
class Heard:
    """What a peer got until the connection ended; ``ending`` is ``fin`` or ``reset``."""

    data: bytes
    ending: str

    @property
    def status(self) -> int:
        return int(self.data.split(b" ", 2)[1])

    @property
    def headers(self) -> dict[str, str]:
        lines = self.data.partition(b"\r\n\r\n")[0].decode().split("\r\n")[1:]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    @property
    def body(self) -> bytes:
        return self.data.partition(b"\r\n\r\n")[2]


class Peer:
    """A connection in a client's hands."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def ask(self, url: str, body: bytes = BODY, *, method: str = "POST", **headers: str) -> None:
        """Send a request."""
        parts = urlsplit(url)
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        fields = {
            "Host": parts.netloc,
            "Content-Length": str(len(body)),
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        lines = [f"{method} {target} HTTP/1.1", *(f"{name}: {value}" for name, value in fields.items()), "", ""]
        self.writer.write("\r\n".join(lines).encode() + body)

    async def reply(self) -> Heard:
        """One whole reply with a Content-Length; the connection stays."""
        async with asyncio.timeout(PATIENCE_S):
            head = await self.reader.readuntil(b"\r\n\r\n")
            heard = Heard(head, "")
            return Heard(head + await self.reader.readexactly(int(heard.headers.get("content-length", "0"))), "")

    async def rest(self) -> Heard:
        """Everything until the end."""
        data = bytearray()
        async with asyncio.timeout(PATIENCE_S):
            try:
                while piece := await self.reader.read(65536):
                    data += piece
            except ConnectionResetError:
                return Heard(bytes(data), "reset")
        return Heard(bytes(data), "fin")

    async def close(self) -> None:
        """End it from this side."""
        self.writer.close()
        with suppress(OSError):  # the other side was quicker
            await self.writer.wait_closed()


@asynccontextmanager
async def connected(url: str, context: ssl.SSLContext | None = None) -> AsyncIterator[Peer]:
    """A connection to the url's host and port."""
    parts = urlsplit(url)
    peer = Peer(*await asyncio.open_connection(parts.hostname, parts.port, ssl=context))
    try:
        yield peer
    finally:
        await peer.close()


async def ask(url: str, body: bytes = BODY, **options: Any) -> Heard:
    """One request on a connection of its own, and everything that comes back."""
    async with connected(url) as peer:
        peer.ask(url, body, Connection="close", **options)
        return await peer.rest()


async def until(happened: Callable[[], bool]) -> None:
    """Wait for something that another task or the kernel brings about."""
    async with asyncio.timeout(PATIENCE_S):
        while not happened():
            await asyncio.sleep(0.001)

"""Serve one session until somebody stops it, and tell live what happens: what ``python -m fake_servers`` does."""

from __future__ import annotations

import asyncio
import json
import signal
from collections.abc import Callable
from dataclasses import asdict
from random import Random

from fake_servers.engine.host import DEFAULT_NAME, FakeServices
from fake_servers.faults.script import FaultScript
from fake_servers.given import Given
from fake_servers.journal import (
    ConnectionClosed,
    ConnectionOpened,
    Event,
    HandshakeFailed,
    ReplySent,
    RequestReceived,
    TruthChanged,
)
from fake_servers.stores import Stores

Say = Callable[[str], None]


async def serve_until_stopped(
    *,
    host: str,
    port: int,
    dialect: str,
    tls: bool,
    say: Say,
    ready: Callable[[dict[str, str], bytes | None], None],
    stores: Stores | None = None,
) -> None:
    """Serve the session ``default``, without faults, until SIGINT or SIGTERM.

    Args:
        say: Takes a line for each event.
        ready: Told the endpoints and, with TLS, what a client has to trust.
        stores: Where the truth is kept; by default nowhere.

    Raises:
        ListenError: The address cannot be had, or is not of this machine alone.
        UnknownNameError: No such dialect.
        StateError: What is kept of the truth cannot be had.
    """
    loop = asyncio.get_running_loop()
    stopped = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stopped.set)
    began_s = loop.time()

    def journal(event: Event) -> None:
        say(f"{loop.time() - began_s:9.3f} s  {line(event)}")

    async with FakeServices(rng=Random(0), host=host, stores=stores) as services:
        await services.listen_shared(port, tls=tls)
        session = await services.open_session(
            dialect=dialect, script=FaultScript(), given=Given(), journal=journal, name=DEFAULT_NAME, shared=True
        )
        session.begin()
        ready(session.endpoints, session.ca_pem)
        await stopped.wait()


def line(event: Event) -> str:
    """The event in a line for people."""
    match event:
        case ConnectionOpened():
            return f"connection {event.connection} opened{' (TLS)' if event.tls else ''}"
        case ConnectionClosed():
            held = f", request {event.open_request} unanswered" if event.open_request else ""
            return f"connection {event.connection} closed by the {event.by} ({event.how}) after {event.open_s:.3f} s{held}"
        case HandshakeFailed():
            return f"connection {event.connection} no TLS: {event.detail}"
        case RequestReceived():
            told = " ".join(f"{name}={value}" for name, value in event.fields.items())
            problem = f" -- {event.problem}" if event.problem else ""
            asked = f"request {event.request} {event.exchange} {event.nth}: {event.method} {event.path}"
            return f"{asked}, {event.body_bytes} bytes {told}{problem}".rstrip()
        case ReplySent():
            whole = "" if event.complete else ", not whole"
            return f"reply {event.request} {event.status or 'lost'} {event.answer}, {event.sent_bytes} bytes{whole}"
        case TruthChanged():
            told = " ".join(f"{name}={value}" for name, value in event.data.items() if value != "")
            return f"truth: {event.what} {told}".rstrip()
        case _:
            return json.dumps(asdict(event), separators=(",", ":"), ensure_ascii=False)

"""Runs one client program through a session, as a run does, and keeps what it said."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from harness.adapters.stdio import StdioClient
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.trace.entry import Seen
from tests.harness.adapters.given_setup import Heard, setup_for

HERE = "tests.harness.adapters"
ACQUIRE = Operation.LICENSE_ACQUISITION
PATIENCE_S = 30.0
"""A machine may be slow, but not for ever."""

Step = Callable[["Session"], Awaitable[None]]


class Session:
    """One client between ``initialize`` and ``shutdown``."""

    def __init__(self, client: StdioClient, heard: Heard) -> None:
        self.client, self.heard = client, heard
        self._news = asyncio.Event()

    def hear(self, said: StatusMessage | Seen) -> None:
        self.heard.everything.append(said)
        self._news.set()

    async def until(self, happened: Callable[[], object]) -> None:
        """Wait for something that the client says, not for time to pass."""
        async with asyncio.timeout(PATIENCE_S):
            while not happened():
                self._news.clear()
                await self._news.wait()


def program(name: str, *arguments: str) -> list[str]:
    """The words that run a module of these tests."""
    return [sys.executable, "-m", f"{HERE}.{name}", *arguments]


async def session(client: StdioClient, heard: Heard, state_dir: Path | str = "", *steps: Step) -> None:
    """``initialize``, the steps, and whatever happens ``shutdown``, twice."""
    running = Session(client, heard)
    try:
        await client.initialize(setup_for(heard, state_dir, report=running.hear, note=running.hear))
        for step in steps:
            await step(running)
    finally:
        await client.shutdown()
        await client.shutdown()


async def start(running: Session) -> None:
    await running.client.start(ACQUIRE)


def until(happened: Callable[[Heard], object]) -> Step:
    async def wait(running: Session) -> None:
        await running.until(lambda: happened(running.heard))

    return wait


def heard_from(name: str, *steps: Step, arguments: tuple[str, ...] = (), state_dir: Path | str = "", **limits: Any) -> Heard:
    """What a program says in a session of these steps."""
    heard = Heard()
    asyncio.run(session(StdioClient(program(name, *arguments), **limits), heard, state_dir, *steps))
    return heard

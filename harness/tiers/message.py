"""T1, the message tier: the client on asyncio in virtual time, with a sender that knows neither HTTP nor sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import cast

from fake_servers.engine.session import Session
from fake_servers.journal import Event as ServerEvent
from harness.client.effects import Event, Moving, Send
from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from harness.tiers.driver import TIMED_OUT
from harness.tiers.log import Log
from harness.tiers.services import ModelSession
from harness.tiers.walker import walks_of
from harness.tiers.wire import Wire
from harness.trace.entry import Entry, Seen
from harness.world.recorder import Recorder, Watcher
from harness.world.virtual_loop import VirtualLoop
from harness.world.world import World


class MessageSender:
    """Sends requests straight to the services; what takes time takes it."""

    def __init__(self, wire: Wire) -> None:
        self._wire = wire

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        """One request, redirects included, within its time."""
        loop = asyncio.get_running_loop()
        done: asyncio.Future[Event] = loop.create_future()

        def told(event: Event) -> None:
            if type(event) is Moving:
                moving(event)
            elif not done.done():
                done.set_result(event)

        time_is_up = loop.call_later(send.timeout_s, told, TIMED_OUT)
        call = self._wire.send(send, told)
        try:
            return await done
        finally:
            time_is_up.cancel()
            call.drop()

    async def close(self) -> None:
        """Close every connection."""
        self._wire.close()


class LogRecorder:
    """A recorder that keeps notes, and makes entries of them only for those who look."""

    def __init__(self, log: Log) -> None:
        self._log = log
        self.watchers: list[Watcher] = []

    def begin(self) -> None:
        """Time zero is now."""
        self._log.begin()

    @property
    def elapsed_s(self) -> float:
        """Seconds since the run began; 0 before that."""
        return self._log.elapsed_s

    @property
    def entries(self) -> list[Entry]:
        """Everything that happened so far."""
        return list(self._log.entries())

    def record(self, what: Seen | ServerEvent) -> None:
        """Add an entry."""
        self._log.note(_as_it_is, what)


def message_world(scenario: Scenario, seed: int, client: ReferenceClient) -> World:
    """Services without sockets, and ``client`` made to send to them. Needs a running virtual loop."""
    time = asyncio.get_running_loop()
    assert isinstance(time, VirtualLoop)
    log = Log(time)
    session = ModelSession(scenario, seed, time, log)
    wire = Wire(session, time, scenario.world.latency)
    client.sender = lambda ca_file: MessageSender(wire)
    client.speaks = lambda dialect: session.spoken  # which reads replies that nobody wrote
    client.walks = walks_of(client)
    return World(
        scenario,
        "simulated",
        seed,
        cast("Session", session),  # of a session, a world uses what a model of one has too
        cast("Recorder", LogRecorder(log)),
        session.clock,
    )


def _as_it_is(at: float, what: Seen | ServerEvent) -> Seen | ServerEvent:
    return what

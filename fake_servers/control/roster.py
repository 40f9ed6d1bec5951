"""The sessions of services that are up all day: opened, given a new script, reset, expired and closed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Protocol

from fake_servers.control.log import Log, Ring
from fake_servers.engine.host import FakeServices
from fake_servers.engine.session import Session
from fake_servers.errors import FakeServerError, UnknownNameError
from fake_servers.faults.script import FaultScript, Rule
from fake_servers.given import Given
from fake_servers.journal import Event, Journal, RequestReceived

MOST_SESSIONS = 32
EXPIRES_AFTER_S = 3600.0
LOOK_EVERY_S = 1.0

Hears = Callable[[str, Event], object]
"""Told of each event of each session, by the session's name, as it happens."""


class TooManyError(FakeServerError):
    """There are as many sessions as there may be."""


class NameTakenError(FakeServerError):
    """A session of this name is open, or still closing."""


AS_USUAL = Given()


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """How a session begins, each time that it does.

    Attributes:
        scenario: Where it comes from, if it comes from one.
        shared: On the port that sessions share.
    """

    scenario: str | None = None
    dialect: str = "clearkey"
    given: Given = AS_USUAL
    rules: tuple[Rule, ...] = ()
    tls: bool = False
    shared: bool = False

    def over_tls(self) -> Setup:
        """The same, over TLS."""
        return replace(self, tls=True)


class Library(Protocol):
    """Scenarios that sessions can be opened from."""

    def names(self) -> list[str]:
        """All there are."""
        ...

    def setup(self, name: str) -> Setup:
        """How a session of the scenario is set up.

        Raises:
            FakeServerError: There is none of this name, or it cannot be read.
        """
        ...


class NoLibrary:
    """Services that know no scenario."""

    def names(self) -> list[str]:
        return []

    def setup(self, name: str) -> Setup:
        raise UnknownNameError("scenario", name, [])


@dataclass(slots=True)
class Kept:
    """A session, and what is kept of it.

    Attributes:
        expires_after_s: None: never.
        called_s: When somebody last asked about it.
        run: From 1.
        requests: Heard in this run.
    """

    session: Session
    setup: Setup
    ring: Ring
    expires_after_s: float | None
    called_s: float
    run: int = 1
    requests: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    def idle_s(self, now_s: float) -> float:
        """Seconds since anything happened; 0 while a connection is open."""
        if self.session.open_connections:
            return 0.0
        heard_s = self.ring.entries[-1].at_s if self.ring.entries else self.called_s
        return now_s - max(heard_s, self.called_s)


class Roster:
    """The sessions that are open, by name.

    Args:
        hears: Told of each event, such as a terminal; may be slow, and is then felt by every client.
        most: Sessions at once.
    """

    def __init__(self, services: FakeServices, log: Log, *, hears: Hears | None = None, most: int = MOST_SESSIONS) -> None:
        self._services, self._log, self._hears, self._most = services, log, hears, most
        self._kept: dict[str, Kept] = {}
        self._taken: dict[str, None] = {}  # names of sessions that are open, opening or closing
        self._loop = asyncio.get_running_loop()

    def __len__(self) -> int:
        return len(self._kept)

    def all(self) -> list[Kept]:
        """In the order in which they were opened."""
        return list(self._kept.values())

    def names(self) -> list[str]:
        return list(self._kept)

    def get(self, name: str) -> Kept | None:
        """The session of that name, which counts as asked about."""
        kept = self._kept.get(name)
        if kept is not None:
            kept.called_s = self._loop.time()
        return kept

    async def open(self, name: str | None, setup: Setup, expires_after_s: float | None = None) -> Kept:
        """Open a session and begin it.

        Args:
            expires_after_s: Idle for so long, it is closed; None: never.

        Raises:
            TooManyError: There are as many as there may be.
            NameTakenError: The name is in use.
            StateError: What is kept of its truth cannot be had, or began otherwise. Of one without a name, nothing is kept.
            FakeServerError: It cannot be served; the message says why.
        """
        if len(self._taken) >= self._most:
            raise TooManyError(f"{self._most} sessions are open, which is the most")
        is_named = name is not None
        name = name or self._free_name()
        if name in self._taken:
            raise NameTakenError(f"a session named {name!r} is open already, or still closing")
        self._taken[name] = None
        ring = self._log.open(name)
        kept: Kept | None = None
        try:
            session = await self._services.open_session(
                dialect=setup.dialect,
                script=FaultScript(setup.rules),
                given=setup.given,
                journal=self._journal(name, ring, 1),
                tls=setup.tls,
                name=name,
                shared=setup.shared,
                outlives=is_named,
            )
            kept = Kept(session, setup, ring, expires_after_s, self._loop.time())
        finally:
            if kept is None:
                self._log.close(name)
                del self._taken[name]
        self._kept[name] = kept
        session.begin()
        return kept

    async def begin_anew(self, kept: Kept, setup: Setup) -> None:
        """The next run: at the same addresses, with nothing that happened before.

        Raises:
            FakeServerError: The script cannot be carried out in this session; then nothing has changed.
        """
        async with kept.turn:
            name = kept.session.name
            journal = self._journal(name, kept.ring, kept.run + 1)
            before = kept.setup, kept.run, kept.requests
            kept.setup, kept.run, kept.requests = setup, kept.run + 1, 0
            try:
                await self._services.renew_session(kept.session, FaultScript(setup.rules), setup.given, journal)
            except FakeServerError:
                kept.setup, kept.run, kept.requests = before
                raise

    async def close(self, kept: Kept) -> None:
        """Close a session. May be called again."""
        name = kept.session.name
        if self._kept.pop(name, None) is None:
            return
        try:
            await self._services.close_session(kept.session)
        finally:
            self._log.close(name)
            del self._taken[name]

    async def expire(self) -> None:
        """Close what has been idle for too long; never returns."""
        while True:
            await asyncio.sleep(LOOK_EVERY_S)
            now_s = self._loop.time()
            for kept in self.all():
                if kept.expires_after_s is not None and kept.idle_s(now_s) >= kept.expires_after_s:
                    await self.close(kept)

    def _free_name(self) -> str:
        number = len(self._taken) + 1
        while f"s{number}" in self._taken:
            number += 1
        return f"s{number}"

    def _journal(self, name: str, ring: Ring, run: int) -> Journal:
        """Where the events of one run of a session go."""
        log, loop, hears, kept_by = self._log, self._loop, self._hears, self._kept

        def hear(event: Event) -> None:
            log.add(ring, name, run, loop.time(), event)
            if type(event) is RequestReceived:
                kept = kept_by.get(name)
                if kept is not None and kept.run == run:
                    kept.requests += 1
            if hears is not None:
                hears(name, event)

        return hear

"""Fake services that are up all day: their sessions, their log, and the port by which they are controlled."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import Mapping
from contextlib import suppress
from random import Random
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from fake_servers.clock import SYSTEM_CLOCK, Clock
from fake_servers.control import event_stream
from fake_servers.control.calls import Call, read_body, read_query, refusal
from fake_servers.control.guard import Guard
from fake_servers.control.log import DEFAULT_LIMIT, Log
from fake_servers.control.openapi import document
from fake_servers.control.port import ControlPort
from fake_servers.control.problem import Problem
from fake_servers.control.roster import MOST_SESSIONS, Hears, Library, NoLibrary, Roster
from fake_servers.control.routes import Route, route_to
from fake_servers.engine.host import FakeServices
from fake_servers.engine.limits import Limits
from fake_servers.engine.listener import is_this_machine
from fake_servers.engine.scripted_session import in_url
from fake_servers.engine.tls import Authority, process_authority
from fake_servers.errors import ListenError
from fake_servers.stores import Stores

LOOK_EVERY_S = 0.02


class AllDay:
    """Services with a control port; an async context manager that ends them all.

    Args:
        rng: Every choice is drawn from it, in the order in which sessions are opened.
        host: By default this machine alone. Where other machines can come, ``token`` and ``authority`` are needed: the control
            API then wants the token, and the address of each session holds a key that nobody can guess.
        port: Of all sessions that want no ports of their own; None: there is no such port, 0: any free one.
        tls: Speak HTTPS on that port.
        control_port: 0 takes a free one.
        token: What callers of the control API have to show.
        authority: Whose certificates are shown; by default, and on this machine alone, the stored ones.
        library: Scenarios that sessions can be opened from.
        hears: Told of each event.
        log_limit: Events held of each session.
        stores: Where the truth is kept of sessions that have a name; by default nowhere.

    Attributes:
        identity: Tells this day's events from another's.
        began_s: On the event loop's clock.
        is_ready: Requests are taken.
        is_over: No event will follow.

    Raises:
        ListenError: The host is not to be had like this.
    """

    def __init__(
        self,
        *,
        rng: Random,
        clock: Clock = SYSTEM_CLOCK,
        host: str = "127.0.0.1",
        port: int | None = None,
        tls: bool = False,
        control_port: int = 0,
        token: str | None = None,
        authority: Authority | None = None,
        library: Library | None = None,
        hears: Hears | None = None,
        log_limit: int = DEFAULT_LIMIT,
        limits: Limits | None = None,
        stores: Stores | None = None,
        most_sessions: int = MOST_SESSIONS,
        heartbeat_s: float = event_stream.HEARTBEAT_S,
        stuck_s: float = event_stream.STUCK_S,
    ) -> None:
        self.must_tls = not is_this_machine(host)
        if self.must_tls and (token is None or authority is None):
            raise ListenError(f"{host!r} is not this machine alone: other machines are let in with a token and TLS only")
        self.host, self.library = host, library or NoLibrary()
        self.heartbeat_s, self.stuck_s = heartbeat_s, stuck_s
        self.has_shared_port, self.shared_tls = port is not None, tls or self.must_tls
        self._loop = asyncio.get_running_loop()
        self.began_s, self.began_epoch_s = self._loop.time(), clock.epoch_s()
        self.identity = f"{int(self.began_epoch_s * 1000):x}"
        self.is_ready = self.is_over = False
        self.ca_pem = (authority or process_authority()).ca_pem
        self.log = Log(log_limit)
        self._authority = authority
        self._port, self._guard = port, Guard(token)
        self.services = FakeServices(
            clock=clock,
            rng=rng,
            host=host,
            authority=authority,
            limits=limits,
            stores=stores,
            keys=_keys(token) if self.must_tls and token is not None else None,
        )
        self.roster = Roster(self.services, self.log, hears=hears, most=most_sessions)
        context = authority.context(None, host) if self.must_tls and authority is not None else None
        self._control = ControlPort(self.answer, host, control_port, context)
        self._expiring: asyncio.Task[None] | None = None
        self.document: dict[str, Any] = {}

    async def __aenter__(self) -> Self:
        try:
            if self._port is not None:
                await self.services.listen_shared(self._port, tls=self.shared_tls)
            await self._control.open()
        except BaseException:
            await self.stop(0.0)
            raise
        self.document = document(self.control_url, wants_token=self._guard.wants_token)
        self._expiring = self._loop.create_task(self.roster.expire())
        self.is_ready = True
        return self

    async def __aexit__(
        self, exc_type: type[BaseException] | None, exc: BaseException | None, traceback: TracebackType | None
    ) -> None:
        await self.stop(0.0)

    @property
    def control_url(self) -> str:
        """Where the control API begins."""
        return f"{'https' if self.must_tls else 'http'}://{in_url(self.host)}:{self._control.port}"

    @property
    def up_s(self) -> float:
        return self._loop.time() - self.began_s

    async def stop(self, patience_s: float, hurry: asyncio.Event | None = None) -> None:
        """End: no further connection is taken, requests that are open may end, then everything is closed. May be called again.

        Args:
            patience_s: For requests that are open. Some never end, for a fault holds them up.
            hurry: Set, it ends the patience.
        """
        self.is_ready = False
        self.services.stop_listening()
        until_s = self._loop.time() + patience_s
        while self._open_requests() and self._loop.time() < until_s and not (hurry is not None and hurry.is_set()):
            await asyncio.sleep(LOOK_EVERY_S)
        if self._expiring is not None:
            self._expiring.cancel()
            with suppress(asyncio.CancelledError):
                await self._expiring
            self._expiring = None
        await self.services.close()
        self.is_over = True
        self.log.wake()
        await self._control.close()

    def _open_requests(self) -> int:
        return sum(
            connection.open_request is not None
            for kept in self.roster.all()
            for connection in kept.session.ledger.open.values()
        )

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer one call."""
        try:
            self._guard.check_page(request.headers)
            route, places = self._allowed(request)
            call = await self._read(request, route, places)
            reply = await route.answer(self, call)
        except Problem as problem:
            return refusal(problem)
        return await reply.stream(request) if reply.stream is not None else reply.response()

    def _allowed(self, request: web.BaseRequest) -> tuple[Route, Mapping[str, str]]:
        """The route, which says nothing of itself to those who may not ask."""
        try:
            route, places = route_to(request.method, request.rel_url.raw_path)
        except Problem:
            self._guard.check_token(request.headers)
            raise
        if not route.for_all:
            self._guard.check_token(request.headers)
        return route, places

    async def _read(self, request: web.BaseRequest, route: Route, places: Mapping[str, str]) -> Call:
        query = read_query(request, route.query)
        body = await read_body(request, route.body) if route.body is not None else None
        return Call(path=places, query=query, body=body, headers=request.headers)


def _keys(token: str) -> Any:
    """What makes a session's key of its name: whoever has the token can have it, and nobody else."""

    def key(name: str) -> str:
        return hmac.new(token.encode(), name.encode(), hashlib.sha256).hexdigest()[:32]

    return key

"""A session whose service is somebody else's: one script and one journal, and one port, in front of an upstream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Protocol
from urllib.parse import urlsplit

from aiohttp import web

from fake_servers.engine.addresses import HOP
from fake_servers.engine.app import Sent
from fake_servers.engine.ledger import Connection
from fake_servers.engine.scripted_session import Opening, ScriptedSession
from fake_servers.engine.shared_port import prefix_of
from fake_servers.faults.base import HttpFault
from fake_servers.faults.script import SERVICE_OF, Service
from fake_servers.proxy.routes import Route, exchange_of
from fake_servers.proxy.upstream import Upstream
from fake_servers.services.decision import Exchange


class Passing(Protocol):
    """A request on its way to the upstream, and its reply on the way back."""

    async def run(self) -> Sent:
        """Returns once nobody works for it any more."""

    def stop(self) -> asyncio.Task[Sent]:
        """Drop it; what is to be waited for."""


Passes = Callable[["ProxySession", Connection, web.BaseRequest, str], Passing]
"""Passes on one request for a target (path and query); an argument, so that a session does not know how that is done."""


class ProxySession(ScriptedSession):
    """One client in front of an upstream. Made by ``Proxy.open_proxied``.

    Attributes:
        upstream: Where its requests go.
        service: The one whose port it has: that of its first route.
        redirecting: The fault that redirected an exchange last, with its position: it serves the hops too.
    """

    def __init__(self, opening: Opening, *, upstream: Upstream, routes: Sequence[Route], passes: Passes) -> None:
        super().__init__(opening)
        self.upstream = upstream
        self.service: Service = SERVICE_OF[routes[0].exchange]
        self.services = (self.service,)
        self.redirecting: dict[Exchange, tuple[int, HttpFault]] = {}
        self._routes = tuple(routes)
        self._passes = passes
        self._under_way: dict[Passing, None] = {}

    async def answer(self, connection: Connection, request: web.BaseRequest, path: str, services: Sequence[Service]) -> Sent:
        passing = self._passes(self, connection, request, self._target(request.raw_path))
        self._under_way[passing] = None
        try:
            return await passing.run()
        finally:
            del self._under_way[passing]

    def give_addresses(self, origin: Callable[[Service], str]) -> None:
        address = origin(self.service) + "/"
        self.endpoints = {route.exchange.value: address for route in self._routes}

    async def close(self) -> None:
        stopped = [passing.stop() for passing in self._under_way]
        await super().close()
        if stopped:
            await asyncio.wait(stopped)

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way."""
        return bool(self._under_way)

    def exchange_of(self, method: str, target: str) -> Exchange | None:
        """What a request counts as; None for what passes undisturbed."""
        return exchange_of(self._routes, method, target.partition("?")[0])

    def hop_of(self, target: str) -> Exchange | None:
        """The exchange of which a fault redirected a client to this address."""
        query = target.partition("?")[2]
        if not any(part.startswith(f"{HOP}=") for part in query.split("&")):
            return None
        return next((exchange for exchange in self.redirecting), None)

    def _target(self, raw_path: str) -> str:
        """Path and query, without what names the session on a shared port."""
        if not raw_path.startswith(("/", "*")):  # the form that is meant for proxies, with the whole URL
            parts = urlsplit(raw_path)
            raw_path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not self.ports and raw_path.startswith(prefix := prefix_of(self.name)):
            rest = raw_path[len(prefix) :]
            if rest[:1] in ("", "/", "?"):
                return rest if rest.startswith("/") else f"/{rest}"
        return raw_path

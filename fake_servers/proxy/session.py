"""A session whose service is somebody else's: one script and one journal, and one port, in front of an upstream."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from random import Random
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from aiohttp import web

from fake_servers.clock import Clock
from fake_servers.engine.addresses import HOP
from fake_servers.engine.app import Sent
from fake_servers.engine.gate import HandlerFactory
from fake_servers.engine.ledger import Connection
from fake_servers.engine.limits import Limits
from fake_servers.engine.scripted_session import ScriptedSession
from fake_servers.engine.shared_port import prefix_of
from fake_servers.faults.base import HttpFault
from fake_servers.faults.script import SERVICE_OF, FaultScript, Service
from fake_servers.journal import Journal
from fake_servers.proxy.relay import Relay
from fake_servers.proxy.routes import Route, exchange_of
from fake_servers.proxy.upstream import Upstream
from fake_servers.services.decision import Exchange

if TYPE_CHECKING:
    from fake_servers.engine.tls import Authority


class ProxySession(ScriptedSession):
    """One client in front of an upstream. Made by ``Proxy.open_proxied``.

    Attributes:
        upstream: Where its requests go.
        service: The one whose port it has: that of its first route.
        redirecting: The fault that redirected an exchange last, with its position: it serves the hops too.
    """

    def __init__(
        self,
        *,
        upstream: Upstream,
        routes: Sequence[Route],
        name: str,
        script: FaultScript,
        journal: Journal,
        host: str,
        clock: Clock,
        rng: Random,
        limits: Limits,
        handler_for: HandlerFactory,
        authority: Authority | None = None,
    ) -> None:
        super().__init__(
            name=name,
            script=script,
            journal=journal,
            host=host,
            clock=clock,
            rng=rng,
            limits=limits,
            handler_for=handler_for,
            authority=authority,
        )
        self.upstream = upstream
        self.service: Service = SERVICE_OF[routes[0].exchange]
        self.services = (self.service,)
        self.redirecting: dict[Exchange, tuple[int, HttpFault]] = {}
        self._routes = tuple(routes)
        self._relays: dict[Relay, None] = {}

    async def answer(self, connection: Connection, request: web.BaseRequest, path: str, services: Sequence[Service]) -> Sent:
        relay = Relay(self, connection, request, self._target(request.raw_path))
        self._relays[relay] = None
        try:
            return await relay.run()
        finally:
            del self._relays[relay]

    def give_addresses(self, origin: Callable[[Service], str]) -> None:
        address = origin(self.service) + "/"
        self.endpoints = {route.exchange.value: address for route in self._routes}

    async def close(self) -> None:
        under_way = [relay.stop() for relay in self._relays]
        await super().close()
        if under_way:
            await asyncio.wait(under_way)

    @property
    def is_busy(self) -> bool:
        """Whether a request is under way."""
        return bool(self._relays)

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

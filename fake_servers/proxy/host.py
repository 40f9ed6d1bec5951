"""The host of sessions in front of an upstream: ``Proxy``."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from aiohttp import web

from fake_servers.clock import SYSTEM_CLOCK, Clock
from fake_servers.engine.app import Sent
from fake_servers.engine.gate import Gate, HandlerFactory
from fake_servers.engine.handler import handler_factory
from fake_servers.engine.host import FakeServices, check_script
from fake_servers.engine.limits import Limits
from fake_servers.engine.service_port import ServicePort
from fake_servers.engine.shared_port import HEADER, PREFIX, SharedPort
from fake_servers.errors import ScriptError
from fake_servers.faults.base import Layer
from fake_servers.faults.script import SERVICE_OF, FaultScript
from fake_servers.journal import Journal
from fake_servers.proxy.relay import Relay
from fake_servers.proxy.routes import Route
from fake_servers.proxy.session import ProxySession
from fake_servers.proxy.upstream import Upstream

PROXY_LIMITS = Limits(body_bytes=8_000_000, line_bytes=65_536)
"""A whole body is only ever held for a fault that rewrites it; vendors' tokens in headers can be long."""


class UpstreamPort(ServicePort):
    """The desk of the one port of a session in front of an upstream."""

    def refuse(self, gate: Gate, status: int, reason: str) -> Sent:
        """The parser's reason may quote the request, so it is not told."""
        return super().refuse(gate, status, "this is no HTTP request")


class SharedProxyPort(SharedPort):
    """One port for many sessions, named by header or path: a query is the upstream's."""

    HOW_TO = f"name one by the header {HEADER} or by the path {PREFIX}<name>/..."

    def named(self, request: web.BaseRequest) -> tuple[str, str]:
        if request.path.startswith(PREFIX):
            return super().named(request)
        return request.headers.get(HEADER, ""), request.path


class Proxy(FakeServices):
    """Opens sessions in front of an upstream; an async context manager that closes them all.

    Args:
        clock, rng, host, limits: As of ``FakeServices``.

    Raises:
        ListenError: ``host`` is not this machine alone.
    """

    PORT = UpstreamPort
    SHARED_PORT = SharedProxyPort

    def __init__(
        self, *, clock: Clock = SYSTEM_CLOCK, rng: Random, host: str = "127.0.0.1", limits: Limits = PROXY_LIMITS
    ) -> None:
        super().__init__(clock=clock, rng=rng, host=host, limits=limits)

    async def open_proxied(
        self,
        *,
        upstream: Upstream,
        routes: Sequence[Route],
        script: FaultScript,
        journal: Journal,
        tls: bool = False,
        name: str | None = None,
        shared: bool = False,
        port: int = 0,
    ) -> ProxySession:
        """Open one client's way to the upstream.

        Args:
            routes: Which requests the script's faults wait for, first match first; at least one.
            script: Used up by this session: it holds what became of each rule.
            tls: Speak HTTPS to the client. A session on the shared port speaks what that port speaks.
            shared: Live on the shared port, rather than on one of its own.
            port: Of its own; 0 takes a free one.

        Raises:
            ScriptError: The script cannot be carried out in front of an upstream.
            ListenError: No port is to be had, or the name is taken or no good.
        """
        _check(script, routes, tls=tls, shared=shared)
        opening = self._opening(name, script, journal, tls=tls, shared=shared)
        session = ProxySession(opening, upstream=upstream, routes=routes, passes=Relay)
        await self._place(session, shared=shared, port=port)
        return session

    def _handlers(self) -> HandlerFactory:
        if self._handler_for is None:
            self._handler_for = handler_factory(self._limits, verbatim=True)
        return self._handler_for


def _check(script: FaultScript, routes: Sequence[Route], *, tls: bool, shared: bool) -> None:
    service = SERVICE_OF[routes[0].exchange]
    for position, rule in enumerate(script.rules):
        where, name = f"fault {position + 1} of the script", rule.fault.name
        if rule.fault.layer is Layer.SERVICE:
            raise ScriptError(
                f"{where}: {name!r} is a decision of the license service, and an upstream decides by itself; in front of one "
                "there are faults of connection, TLS, bytes and HTTP"
            )
        if rule.when.service is not None and rule.when.service != service:
            raise ScriptError(
                f"{where}: {name!r} stands at the port of the {rule.when.service} service, and this one is that of the "
                f"{service} service; a route to one of its exchanges must come first"
            )
    check_script(
        script, [route.exchange for route in routes], "none of the routes leads to it: this proxy", tls=tls, shared=shared
    )

"""A session of our own services: one store of truth, one script, one journal, and a port for each of the four services."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

from aiohttp import web

from fake_servers.dialects.base import Dialect
from fake_servers.engine.addresses import PAGE, PATHS
from fake_servers.engine.ledger import Asked, Connection
from fake_servers.engine.scripted_session import Opening, ScriptedSession
from fake_servers.faults.base import HttpFault
from fake_servers.faults.script import SERVICE_OF, FaultScript, Service
from fake_servers.given import Given
from fake_servers.journal import Journal
from fake_servers.services.decision import Exchange
from fake_servers.stores import Stores

Answers = Callable[["Session", Connection, web.BaseRequest, str, Sequence[Service]], Awaitable[web.StreamResponse]]
"""Answers one request to a session, over HTTP; an argument, so that a session does not know who speaks for it."""


class Session(ScriptedSession):
    """Fake services for one client, with faults of its own. Made by ``FakeServices.open_session``.

    Attributes:
        store: The truth.
        deciding: The request that a service decides over right now; what changes in the store, changes because of it.
        redirecting: The fault that redirected an exchange last, with its position: it serves the hops too.
    """

    def __init__(self, opening: Opening, *, dialect: Dialect, given: Given, stores: Stores, answers: Answers) -> None:
        super().__init__(opening)
        self.dialect = dialect
        self._answers = answers
        self._stores = stores
        self._store_seed = opening.rng.getrandbits(64)
        self._know(given, anew=False)

    def _know(self, given: Given, *, anew: bool) -> None:
        """The truth is as given, and nothing has happened; unless it is kept from before, and not to begin ``anew``."""
        self.store = self._stores.begin(
            self.name, given, clock=self.clock, rng=Random(self._store_seed), on_change=self._truth_changed, anew=anew
        )
        self.redirecting: dict[Exchange, tuple[int, HttpFault]] = {}
        self.deciding: Asked | None = None

    async def begin_anew(self, script: FaultScript, given: Given, journal: Journal) -> None:
        """As ``renew``, and the truth is as given.

        Raises:
            ListenError: There is no certificate for what the script asks for; then nothing has changed.
            StateError: The state file does not take it; then nothing has changed.
        """
        if self.authority is not None:
            self._prepare_certificates(self.authority, script)
        self._know(given, anew=True)
        await self.renew(script, journal)

    def forget(self) -> None:
        """What is kept of its truth is not needed any more.

        Raises:
            StateError: The state file does not take it.
        """
        self._stores.forget(self.name)

    def answer(
        self, connection: Connection, request: web.BaseRequest, path: str, services: Sequence[Service]
    ) -> Awaitable[web.StreamResponse]:
        return self._answers(self, connection, request, path, services)

    def give_addresses(self, origin: Callable[[Service], str]) -> None:
        self._origin = origin
        self.endpoints = {
            exchange.value: origin(SERVICE_OF[exchange]) + path
            for exchange, path in PATHS.items()
            if exchange in self.dialect.exchanges
        }

    def page_url(self, token: str) -> str:
        """Where a user completes the page with this token."""
        return f"{self._origin('license')}{PAGE}{token}"

    def _truth_changed(self, service: str, what: str, data: dict[str, Any]) -> None:
        self.ledger.truth_changed(service, what, data, self.deciding)

"""aiohttp's request handler, made to report to a gate. It parses requests and times idle connections; no more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import cast

from aiohttp import web

from fake_servers.engine.gate import Gate
from fake_servers.engine.limits import Limits

LINGERING_S = 10.0
"""How long a request's body is still heard that nobody wants; aiohttp's own default."""

logger = logging.getLogger("fake_servers")


class ServiceHandler(web.RequestHandler):
    """Speaks HTTP on one gate."""

    __slots__ = ("_has_paused", "gate")

    def __init__(self, manager: web.Server, gate: Gate, limits: Limits, *, verbatim: bool = False) -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.keep_alive_s,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to say none
            auto_decompress=not verbatim,
            lingering_time=limits.drain_s if verbatim else LINGERING_S,
            max_line_size=limits.line_bytes,
            max_field_size=limits.line_bytes,
        )
        self.gate = gate
        self._has_paused = False

    def pause_reading(self) -> None:
        """As aiohttp does it, and remembered."""
        self._has_paused = True
        super().pause_reading()

    def resume_reading(self, resume_parser: bool = True) -> None:
        """Only what was paused. aiohttp calls this after each body, to have its parser look at no bytes once more."""
        if self._has_paused:
            self._has_paused = False
            super().resume_reading(resume_parser)

    async def start(self) -> None:
        """Serve the connection to its end, and tell the gate."""
        try:
            await super().start()
        finally:
            self.gate.work_ended()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What is not HTTP is answered by the desk, so that it stands in the journal; a crash is logged, too."""
        if status >= 500:
            logger.error("a request could not be served", exc_info=exc)
        return self.gate.desk.refuse(self.gate, status, " ".join((message or "the fake server failed").split()))


def handler_factory(limits: Limits, *, verbatim: bool = False) -> Callable[[Gate], ServiceHandler]:
    """Makes the handlers of many gates. Needs a running loop.

    Args:
        verbatim: Requests are read as they come, compressed ones too.
    """

    request = partial(web.BaseRequest, loop=asyncio.get_running_loop(), client_max_size=limits.body_bytes)
    manager = web.Server(_answer, request_factory=request)
    return lambda gate: ServiceHandler(manager, gate, limits, verbatim=verbatim)


def _answer(request: web.BaseRequest) -> Awaitable[web.StreamResponse]:
    gate = cast("ServiceHandler", request.protocol).gate
    return gate.desk.answer(gate, request)

"""aiohttp's request handler, made to report to a gate. It parses requests and times idle connections; no more."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import cast

from aiohttp import web
from aiohttp.abc import AbstractStreamWriter
from aiohttp.http import RawRequestMessage
from aiohttp.streams import StreamReader

from fake_servers.gate import Gate
from fake_servers.limits import Limits

logger = logging.getLogger("fake_servers")


class ServiceHandler(web.RequestHandler):
    """Speaks HTTP on one gate."""

    __slots__ = ("gate",)

    def __init__(self, manager: web.Server, gate: Gate, limits: Limits) -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            keepalive_timeout=limits.keep_alive_s,
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to say none
        )
        self.gate = gate

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


def handler_factory(limits: Limits) -> Callable[[Gate], ServiceHandler]:
    """Makes the handlers of many gates. Needs a running loop."""

    def request(
        message: RawRequestMessage,
        payload: StreamReader,
        protocol: web.RequestHandler,
        writer: AbstractStreamWriter,
        task: asyncio.Task[None],
    ) -> web.BaseRequest:
        loop = asyncio.get_running_loop()
        return web.BaseRequest(message, payload, protocol, writer, task, loop, client_max_size=limits.body_bytes)

    manager = web.Server(_answer, request_factory=request)
    return lambda gate: ServiceHandler(manager, gate, limits)


async def _answer(request: web.BaseRequest) -> web.StreamResponse:
    gate = cast("ServiceHandler", request.protocol).gate
    return await gate.desk.answer(gate, request)

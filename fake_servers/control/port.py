"""The control port: HTTP in, HTTP out. No fault ever stands in its way, and nobody can hold it up for long."""

from __future__ import annotations

import asyncio
import logging
import ssl
from collections.abc import Awaitable, Callable
from functools import partial

from aiohttp import web

from fake_servers.control.calls import LARGEST_BODY, refusal
from fake_servers.control.problem import Problem
from fake_servers.engine.listener import Listener

logger = logging.getLogger("fake_servers")

MOST_CONNECTIONS = 128
FIRST_WORD_S = 10.0
"""A connection on which no request has come whole for so long is closed."""

Answer = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class ControlHandler(web.RequestHandler):
    """aiohttp's request handler, with refusals in our words and an end to waiting.

    Attributes:
        on_lost: Called when the connection is over, by whoever has to know at once.
    """

    __slots__ = ("_first_word", "on_lost")

    def __init__(self, manager: web.Server) -> None:
        super().__init__(
            manager,
            loop=asyncio.get_running_loop(),
            access_log=None,  # type: ignore[arg-type]  # aiohttp's own way to say none
        )
        self.on_lost: Callable[[], object] | None = None
        self._first_word: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """As aiohttp; one too many is closed unheard."""
        super().connection_made(transport)
        if self._manager is not None and len(self._manager.connections) > MOST_CONNECTIONS:
            self.force_close()
            assert isinstance(transport, asyncio.Transport)
            transport.abort()
        else:
            self._first_word = asyncio.get_running_loop().call_later(FIRST_WORD_S, self._lose_patience, transport)

    def heard(self) -> None:
        """A request came."""
        if self._first_word is not None:
            self._first_word.cancel()
            self._first_word = None

    def connection_lost(self, exc: BaseException | None) -> None:
        """As aiohttp."""
        self.heard()
        super().connection_lost(exc)
        if self.on_lost is not None:
            self.on_lost()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        """What is not HTTP, or failed, is answered like everything else."""
        if status >= 500:
            logger.error("a call could not be answered", exc_info=exc)
            problem = Problem("own-failure", "see the service's own output", "please report it")
        else:
            what = " ".join((message or "it is not HTTP").split())[:200]
            problem = Problem("malformed", what, "send a request of HTTP/1.1")
        response = refusal(problem)
        response.force_close()
        return response

    @staticmethod
    def _lose_patience(transport: asyncio.BaseTransport) -> None:
        transport.close()


class ControlPort:
    """Listens, and hands each request to ``answer``."""

    def __init__(self, answer: Answer, host: str, port: int, context: ssl.SSLContext | None) -> None:
        self._answer = answer
        request = partial(web.BaseRequest, loop=asyncio.get_running_loop(), client_max_size=LARGEST_BODY)
        self._server = web.Server(self._heard, request_factory=request)
        self._listener = Listener(lambda: ControlHandler(self._server), host, port, hold_port=True, context=context)

    @property
    def port(self) -> int:
        return self._listener.port

    async def open(self) -> None:
        """Listen.

        Raises:
            ListenError: The port is not to be had.
        """
        await self._listener.open()

    async def close(self, patience_s: float = 1.0) -> None:
        """Stop listening; calls that are under way may end within ``patience_s``."""
        self._listener.close()
        self._server.pre_shutdown()  # whoever asks nothing just now is not waited for
        await self._server.shutdown(patience_s)

    async def _heard(self, request: web.BaseRequest) -> web.StreamResponse:
        if isinstance(request.protocol, ControlHandler):
            request.protocol.heard()
        return await self._answer(request)

"""Who answers on a connection before anybody has read what is asked."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from fake_servers.engine.gate import Gate
from fake_servers.engine.http_reply import outgoing, with_cors
from fake_servers.faults.base import Reply

LINGER_S = 1.0
"""How long what a client still sends is taken and thrown away. A server that closes at once resets, and its reply is lost."""


class EarlyAnswer(asyncio.Protocol):
    """Answers the first bytes of whatever is asked, and takes the rest without a word."""

    def __init__(self, gate: Gate, reply: Reply, epoch_s: float, fired: Callable[[], None]) -> None:
        self._gate = gate
        self._data = outgoing(with_cors(reply), epoch_s=epoch_s, keep_alive=False).data
        self._fired = fired
        self._loop = asyncio.get_running_loop()
        self._closing: asyncio.TimerHandle | None = None

    def data_received(self, data: bytes) -> None:
        if self._closing is None:
            self._fired()
            self._gate.send(self._data)
            self._closing = self._loop.call_later(LINGER_S, self._gate.fin)

    def eof_received(self) -> None:
        """The transport closes."""

    def connection_lost(self, exc: Exception | None) -> None:
        if self._closing is not None:
            self._closing.cancel()
        self._gate.work_ended()

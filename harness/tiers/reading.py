"""What the reference client's HTTP library makes of the bytes of a reply, piece by piece, without a connection.

It is the library's own parser, so that a torn, late or ungrammatical reply is read here as it is on a wire.
"""

from __future__ import annotations

from asyncio import AbstractEventLoop
from collections.abc import Iterator
from typing import cast

from aiohttp import ClientPayloadError
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.http_parser import HttpResponseParser, RawResponseMessage
from aiohttp.streams import StreamReader

from fake_servers.faults.base import Reply
from harness.client.effects import Arrived, Broke, Moving
from harness.client.http_sender import CHUNK
from harness.status.reason import Reason

NO_LOOP = cast("AbstractEventLoop", object())
"""Nothing here ever waits, so no loop is asked; but without one the parser would make a real one, and never close it."""

READ_AHEAD = 2**30
"""The parser never asks for a pause: there is nobody to hold back."""


class Reading:
    """One reply on its way in.

    Attributes:
        head: Its first line and headers, once they are there.
        keeps_open: Whether the connection may serve again after it: not if bytes follow that nobody has asked for.
    """

    def __init__(self, largest: int) -> None:
        self._parser = HttpResponseParser(
            BaseProtocol(loop=NO_LOOP),
            NO_LOOP,
            READ_AHEAD,
            payload_exception=ClientPayloadError,
            read_until_eof=True,
        )
        self._largest = largest
        self._body = bytearray()
        self._payload: StreamReader | None = None
        self._malformed = self._ended = self._more_came = False
        self.head: RawResponseMessage | None = None

    def feed(self, piece: bytes) -> None:
        """More bytes have arrived."""
        if self._malformed or self._ended:
            return
        try:
            messages, _, _ = self._parser.feed_data(piece)
        except HttpProcessingError:
            self._malformed = True
            return
        for head, payload in messages:
            if self.head is not None:
                self._more_came = True
            elif not 100 <= head.code < 200:  # what is on its way is no reply yet
                self.head, self._payload = head, payload

    def end(self) -> None:
        """The connection is gone, in whatever way."""
        if self._ended or self._malformed:
            return
        self._ended = True
        try:
            self._parser.feed_eof()
        except HttpProcessingError as error:
            if self._payload is not None:
                self._payload.set_exception(ClientPayloadError(str(error)))

    @property
    def keeps_open(self) -> bool:
        is_last = not (self._ended or self._malformed or self._more_came)
        return self.head is not None and not self.head.should_close and is_last

    @property
    def redirects_to(self) -> str | None:
        """Where a redirect that is followed leads."""
        if self.head is None or self.head.code not in (307, 308):
            return None
        return self.head.headers.get("Location")

    def news(self) -> Iterator[Moving | Arrived | Broke]:
        """What the reader finds now; the last event of all is ``Arrived`` or ``Broke``."""
        if self._malformed:
            yield Broke(Reason.UNREADABLE_REPLY, "not HTTP")
            return
        if self.head is None or self._payload is None:
            if self._ended:
                yield Broke(Reason.CONNECTION_LOST, "before the reply's head was whole")
            return
        total = int(self.head.headers.get("Content-Length", 0))
        if total > self._largest:
            yield Broke(Reason.REPLY_TOO_LARGE, f"{total} bytes announced")
            return
        if "Content-Encoding" in self.head.headers:
            total = 0
        while self._payload.exception() is None:
            chunk = self._payload.read_nowait(CHUNK)
            if not chunk:
                break
            self._body += chunk
            if len(self._body) > self._largest:
                yield Broke(Reason.REPLY_TOO_LARGE, f"more than {self._largest} bytes")
                return
            yield Moving(len(self._body), total)
        if self._payload.exception() is not None:
            yield Broke(Reason.CONNECTION_LOST, "before the reply's body was whole")
        elif self._payload.at_eof():
            yield Arrived(Reply(self.head.code, dict(self.head.headers), bytes(self._body)))

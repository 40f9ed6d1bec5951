"""The body of a client's request, taken piece by piece; counted and hashed, and never held as a whole."""

from __future__ import annotations

from hashlib import sha256

from aiohttp import ClientPayloadError, web
from aiohttp.http_exceptions import HttpProcessingError


class BrokenRequest(Exception):  # noqa: N818  # the client's doing, which becomes a reply of 400
    """The body of a request cannot be read."""


class Intake:
    """What comes behind the head of one request.

    Attributes:
        is_chunked: It comes in chunks, and goes on in chunks.
        expects: The client waits for a word (100) before it sends it.
        is_whole: Its last byte has come.
        body_bytes, digest: Of its content, as far as it came.
    """

    def __init__(self, request: web.BaseRequest) -> None:
        self.is_chunked = "chunked" in request.headers.get("transfer-encoding", "").lower()
        self.expects = request.headers.get("expect", "").lower() == "100-continue" and request.version >= (1, 1)
        self.is_whole = False
        self.body_bytes = 0
        self.digest = sha256()
        self._content = request.content
        self._unread = b""

    async def peek(self, size: int) -> bytes:
        """The whole body, which has so many bytes; it comes again from ``take``."""
        self._unread = await self._exactly(size)
        return self._unread

    async def take(self) -> bytes:
        """The next bytes; empty once there are no more.

        Raises:
            BrokenRequest: They are not what they were announced as.
        """
        if self._unread:
            piece, self._unread = self._unread, b""
        else:
            piece = await self._next()
        self.body_bytes += len(piece)
        self.digest.update(piece)
        self.is_whole = not piece
        return piece

    async def discard(self) -> None:
        """Take all that is left.

        Raises:
            BrokenRequest: It is not what it was announced as.
        """
        while not self.is_whole:
            await self.take()

    async def _exactly(self, size: int) -> bytes:
        data = b""
        while len(data) < size and (piece := await self._next()):
            data += piece
        return data

    async def _next(self) -> bytes:
        try:
            return await self._content.readany()
        except (web.RequestPayloadError, ClientPayloadError, HttpProcessingError) as error:
            raise BrokenRequest("the body of the request cannot be read") from error

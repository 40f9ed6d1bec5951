"""One request to an upstream and its reply, both as they come: no more of either is held than what a connection buffers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from hashlib import sha256
from typing import NamedTuple

from fake_servers.engine.gate import How
from fake_servers.proxy.reply_reading import Body, Head, NotHttp, body_of, head_of
from fake_servers.proxy.upstream import READ_AHEAD, Upstream, why_not

BLANK_LINE = b"\r\n\r\n"


class UpstreamFailed(Exception):  # noqa: N818  # the upstream's doing, which becomes a reply of 502
    """An upstream did not answer as HTTP wants it; the text says how, and quotes nothing of it.

    Attributes:
        how: How its connection ended, as far as that can be told.
    """

    def __init__(self, words: str, how: How = "fin") -> None:
        super().__init__(words)
        self.how: How = how


class UpstreamSilent(UpstreamFailed):
    """It did not answer in time."""


def failure(error: Exception, so_far: str = "") -> UpstreamFailed:
    """An error met on the way to an upstream, or back."""
    words = f"it answered no HTTP/1: {error}" if isinstance(error, NotHttp) else why_not(error)
    if isinstance(error, TimeoutError):
        return UpstreamSilent(words + so_far)
    return UpstreamFailed(words + so_far, "reset" if isinstance(error, ConnectionResetError) else "fin")


class Piece(NamedTuple):
    """Some bytes of a body: as they came, and without the framing of chunks."""

    data: bytes
    content: bytes


class Conversation:
    """With one upstream, about one request.

    Attributes:
        head: The reply's, once it came.
        body: Where the reply's body ends.
        body_bytes, digest: Of its content, as far as it came.
        took_s: Since it was called.
    """

    def __init__(self, upstream: Upstream, method: str) -> None:
        self.head: Head | None = None
        self.body: Body | None = None
        self.body_bytes = 0
        self.digest = sha256()
        self._loop = asyncio.get_running_loop()
        self._began_s = self._loop.time()
        self._upstream = upstream
        self._method = method
        self._ahead = b""  # read, and not taken
        self._reader: asyncio.StreamReader | None = None
        self._writer: asyncio.StreamWriter | None = None

    @property
    def took_s(self) -> float:
        return self._loop.time() - self._began_s

    async def begin(self, request_head: bytes) -> None:
        """Connect, and ask.

        Raises:
            UpstreamFailed: It cannot be reached, or not be trusted.
        """
        try:
            self._reader, self._writer = await self._upstream.connect()
        except OSError as error:
            raise failure(error) from error
        self._writer.write(request_head)

    async def send(self, data: bytes) -> bool:
        """Pass on bytes of the request's body; False once the upstream takes no more, which is no failure yet."""
        assert self._writer is not None
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError:
            return False
        return True

    async def await_head(self, inform: Callable[[Head], None]) -> Head:
        """The head of the reply; ``inform`` is given those that only announce it (1xx).

        Raises:
            UpstreamFailed: None came.
        """
        while True:
            try:
                head = head_of(await self._head_bytes())
                if head.status == 101:
                    raise NotHttp("it changes to another protocol that nobody asked for")
                if head.status >= 200:
                    self.body = body_of(head, self._method)
                    self.head = head
                    return head
            except (NotHttp, OSError) as error:
                raise failure(error) from error
            inform(head)

    async def _head_bytes(self) -> bytes:
        """The next head, blank line included; what came behind it stays ahead."""
        while (end := self._ahead.find(BLANK_LINE)) < 0:
            if len(self._ahead) > READ_AHEAD:
                raise UpstreamFailed(f"the head of its reply has more than {READ_AHEAD} bytes")
            data = await self._read()
            if not data:
                within = "within the head of its reply" if self._ahead else "without a reply"
                raise UpstreamFailed(f"it closed the connection {within}")
            self._ahead += data
        end += len(BLANK_LINE)
        head, self._ahead = self._ahead[:end], self._ahead[end:]
        return head

    async def _read(self) -> bytes:
        assert self._reader is not None
        async with asyncio.timeout(self._upstream.silence_s):
            return await self._reader.read(READ_AHEAD)

    async def pieces(self) -> AsyncIterator[Piece]:
        """The body of the reply.

        Raises:
            UpstreamFailed: It broke off.
        """
        assert self.body is not None
        while not self.body.is_complete:
            try:
                if self._ahead:
                    yield self.ahead()
                    continue
                self._ahead = await self._read()
                if not self._ahead:
                    if not self.body.ends():
                        raise UpstreamFailed(f"it closed the connection after {self.body_bytes} bytes of a longer body")
                    return
            except OSError as error:
                raise failure(error, f", after {self.body_bytes} bytes of its body") from error

    def ahead(self) -> Piece:
        """What of the body is here already.

        Raises:
            UpstreamFailed: The framing is broken.
        """
        assert self.body is not None
        data, self._ahead = self._ahead, b""
        try:
            taken, content = self.body.feed(data)
        except NotHttp as error:
            raise failure(error, f", after {self.body_bytes} bytes of its body") from error
        self.body_bytes += len(content)
        self.digest.update(content)
        return Piece(data[:taken], content)

    def end(self) -> None:
        """Close the connection at once: nothing more is said on it, and a goodbye in TLS would hold the client up."""
        if self._writer is not None:
            self._writer.transport.abort()

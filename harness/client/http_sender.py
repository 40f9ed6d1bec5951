"""HTTP over aiohttp, with every way to fail turned into a reason."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable
from typing import Any, ClassVar

import aiohttp
from yarl import URL

from fake_servers.faults.base import Reply
from harness.client.effects import Arrived, Broke, Event, Moving, Send
from harness.status.reason import Reason

CHUNK = 16_384

# The first that fits; subclasses stand above their bases.
REASON_OF_EXCEPTION: tuple[tuple[type[BaseException], Reason], ...] = (
    (aiohttp.ClientConnectorCertificateError, Reason.TLS_UNTRUSTED),
    (aiohttp.ClientSSLError, Reason.TLS_FAILED),
    (aiohttp.ClientConnectorDNSError, Reason.NAME_NOT_RESOLVED),
    (TimeoutError, Reason.TIMED_OUT),
    (aiohttp.ServerDisconnectedError, Reason.CONNECTION_LOST),
    (aiohttp.ClientResponseError, Reason.UNREADABLE_REPLY),
    (aiohttp.ClientPayloadError, Reason.CONNECTION_LOST),
    (aiohttp.InvalidURL, Reason.UNREADABLE_REPLY),
    (aiohttp.ClientOSError, Reason.CONNECTION_LOST),
    (aiohttp.ClientError, Reason.CONNECTION_LOST),
    (ssl.SSLError, Reason.TLS_FAILED),
    (OSError, Reason.CONNECTION_LOST),
    (ValueError, Reason.UNREADABLE_REPLY),
)


def reason_of(error: BaseException, *, https: bool) -> Reason:
    """What an exception of aiohttp means to the user."""
    if isinstance(error, aiohttp.ClientConnectorError) and not isinstance(error, aiohttp.ClientSSLError):
        if isinstance(error.os_error, ConnectionRefusedError):
            return Reason.CONNECTION_REFUSED
        if isinstance(error.os_error, ConnectionResetError) and https:
            return Reason.TLS_FAILED
    return next(reason for kind, reason in REASON_OF_EXCEPTION if isinstance(error, kind))


class Connector(aiohttp.TCPConnector):
    """Drops at once what is given up. Over TLS asyncio would wait half a minute for the peer's goodbye."""

    def _release(self, key: Any, protocol: Any, *, should_close: bool = False) -> None:  # private, and the only way to tell
        if should_close:
            protocol.abort()
        super()._release(key, protocol, should_close=should_close)


class HttpSender:
    """Sends requests over one session; redirects are followed within bounds and within the origin only."""

    keeps_idle_s: ClassVar[float] = 15.0

    def __init__(self, ca_file: str | None) -> None:
        self._ca_file = ca_file
        self._session: aiohttp.ClientSession | None = None
        self._trusting: ssl.SSLContext | None = None

    async def __call__(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        """One request, redirects included, within its time."""
        https = send.url.startswith("https:")
        try:
            async with asyncio.timeout(send.timeout_s):
                return await self._follow(send, moving)
        except (aiohttp.ClientError, OSError, ValueError) as error:
            return Broke(reason_of(error, https=https), f"{type(error).__name__}: {error}")

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def _follow(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        request, url = send.encoded(), URL(send.url)
        for _ in range(send.most_redirects + 1):
            async with self._open().request(
                request.method,
                url,
                data=request.body,
                headers=dict(request.headers),
                allow_redirects=False,
                ssl=self._trust(send.verify_tls) if url.scheme == "https" else True,
                trace_request_ctx=moving,
            ) as response:
                target = response.headers.get("Location")
                if response.status in (307, 308) and target is not None:
                    hop = url.join(URL(target))
                    if hop.origin() != url.origin():
                        return Broke(Reason.TOO_MANY_REDIRECTS, "redirected to another origin")
                    url = hop
                    continue
                return await self._read(response, send.largest_body, moving)
        return Broke(Reason.TOO_MANY_REDIRECTS, f"more than {send.most_redirects} redirects")

    async def _read(self, response: aiohttp.ClientResponse, largest: int, moving: Callable[[Moving], None]) -> Event:
        total = response.content_length or 0
        if total > largest:
            response.close()
            return Broke(Reason.REPLY_TOO_LARGE, f"{total} bytes announced")
        if "Content-Encoding" in response.headers:
            total = 0  # it counts the packed bytes, and progress those that came out of them
        body = bytearray()
        async for chunk in response.content.iter_chunked(CHUNK):
            body += chunk
            if len(body) > largest:
                response.close()
                return Broke(Reason.REPLY_TOO_LARGE, f"more than {largest} bytes")
            moving(Moving(len(body), total))
        return Arrived(Reply(response.status, dict(response.headers), bytes(body)))

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            traces = aiohttp.TraceConfig()
            traces.on_request_headers_sent.append(_tell_sent)
            self._session = aiohttp.ClientSession(
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
                connector=Connector(keepalive_timeout=self.keeps_idle_s),
                trace_configs=[traces],
            )
        return self._session

    def _trust(self, verify: bool) -> ssl.SSLContext | bool:
        """Always the same context: aiohttp reuses a connection only for the very context that it was made with."""
        if not verify:
            return False
        if self._trusting is None:
            self._trusting = ssl.create_default_context(cafile=self._ca_file)
            self._trusting.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996; where Python leaves it to OpenSSL's settings
        return self._trusting


async def _tell_sent(session: aiohttp.ClientSession, context: object, params: aiohttp.TraceRequestHeadersSentParams) -> None:
    moving = getattr(context, "trace_request_ctx", None)
    if callable(moving):
        moving(Moving(0, 0))

"""The license server that stands behind a proxy: its address, how it is trusted, and how long it is waited for."""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass, field
from pathlib import Path
from typing import Self
from urllib.parse import SplitResult, urlsplit

from fake_servers.errors import UpstreamError

READ_AHEAD = 65_536
"""Bytes of a reply that are taken ahead of the client; asyncio may hold twice as many."""

PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True, slots=True)
class Upstream:
    """Where requests are passed on to.

    Attributes:
        shown: The address as it may be told: without its query.
        authority: Host and port, as a Host header says it.
        trust: For https, whom it is believed by.
        connect_s: How long a connection may take, TLS included.
        silence_s: How long it may say nothing while it is waited for.
    """

    shown: str
    host: str
    port: int
    authority: str
    path: str
    query: str
    trust: ssl.SSLContext | None = field(repr=False)
    connect_s: float = 10.0
    silence_s: float = 120.0

    @classmethod
    def at(cls, url: str, *, ca_file: Path | None = None, connect_s: float = 10.0, silence_s: float = 120.0) -> Self:
        """The upstream at a URL. What a client asks for is appended to its path; its query goes before the client's.

        Args:
            ca_file: Certificate authorities (PEM) to trust beside the system's.

        Raises:
            UpstreamError: It is no address of a server, or the file holds no certificate.
        """
        parts = _split(url)
        shown = f"{parts.scheme}://{parts.netloc}{parts.path}"
        if ca_file is not None and parts.scheme == "http":
            raise UpstreamError(
                f"{shown}: an upstream without https shows no certificate: leave its authorities out, or use https"
            )
        return cls(
            shown=shown,
            host=parts.hostname or "",
            port=parts.port or PORTS[parts.scheme],
            authority=parts.netloc,
            path=parts.path,
            query=parts.query,
            trust=_trust(ca_file) if parts.scheme == "https" else None,
            connect_s=connect_s,
            silence_s=silence_s,
        )

    def target(self, asked: str) -> str:
        """What is asked of it when the client asks for this, path and query; for ``/`` alone, what the URL says."""
        if asked == "*":
            return asked
        path, mark, query = asked.partition("?")
        path = self.path or "/" if path == "/" else self.path.rstrip("/") + path
        queries = "&".join(part for part in (self.query, query) if part)
        return path + (f"?{queries}" if queries or mark else "")

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """A fresh connection. None is ever used twice, so that no idle one can be closed under a request.

        Raises:
            OSError: As the system says it; ``ssl.SSLError`` and ``TimeoutError`` are such.
        """
        async with asyncio.timeout(self.connect_s):
            return await asyncio.open_connection(
                self.host, self.port, limit=READ_AHEAD, ssl=self.trust, server_hostname=self.host if self.trust else None
            )


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        is_address = parts.scheme in PORTS and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_address = False
    if not is_address or any(character <= " " for character in url):
        raise UpstreamError("an upstream is given as http://host[:port][/path] or https://host[:port][/path]")
    if parts.username is not None or parts.fragment:
        raise UpstreamError(
            f"{parts.scheme}://{parts.hostname}: an upstream's URL holds no user name and no fragment: what a client sends of "
            "credentials is passed on as it is"
        )
    return parts


def _trust(ca_file: Path | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    if ca_file is not None:
        try:
            context.load_verify_locations(ca_file)
        except OSError as error:
            why = (
                "holds no certificate in PEM form"
                if isinstance(error, ssl.SSLError)
                else (error.strerror or str(error)).lower()
            )
            raise UpstreamError(f"{ca_file}: {why}") from error
    return context


def why_not(error: Exception) -> str:
    """An upstream's failure in a few words."""
    match error:
        case ssl.SSLCertVerificationError():
            return f"its certificate cannot be trusted: {error.verify_message}"
        case ssl.SSLError():
            return f"TLS with it failed: {(error.reason or 'no reason given').lower().replace('_', ' ')}"
        case TimeoutError():
            return "it did not answer in time"
        case ConnectionRefusedError():
            return "it refused the connection"
        case ConnectionResetError() | BrokenPipeError():
            return "it reset the connection"
        case OSError(strerror=str(words)):
            return f"it cannot be reached: {words.lower()}"
        case OSError() if str(error):
            return f"it cannot be reached: {str(error).lower()}"
    return str(error) or type(error).__name__

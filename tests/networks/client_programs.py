"""Three small clients, written as anybody would: what each of them gets from one request, and from a second one after it."""

from __future__ import annotations

import asyncio
import errno
import re
import ssl
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import aiohttp
import httpx

TIME_LIMIT_S = 3.0
WORTH_TELLING_S = 0.05
PORT = re.compile(rb":\d{4,5}\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What a client shall send; over TLS, whom it trusts, as a context and as PEM."""

    url: str
    body: bytes
    headers: dict[str, str]
    trust: ssl.SSLContext | None = None
    ca_pem: str = ""


@dataclass(frozen=True, slots=True)
class Got:
    """What came of one request.

    Attributes:
        status: Of the reply's head; None if none arrived.
        body: What was handed to the program, ports made equal.
        raised: Type and error number of the exception, then of each cause behind it; empty if all went well.
        seconds: How long it took, in the loop's time; compared by itself, with tolerance.
        connecting: It had no connection yet when it ended. Only asyncio's streams tell.
    """

    status: int | None
    body: bytes
    raised: str
    seconds: float = field(compare=False)
    connecting: bool = field(default=False, compare=False)

    def __str__(self) -> str:
        arrived = f"{self.status or 'no status'}, {len(self.body):,} bytes" if self.status or self.body else ""
        outcome = ", then ".join(part for part in (arrived, f"`{self.raised}`" if self.raised else "") if part)
        return (outcome or "end of file") + (f", after {self.seconds:.1f} s" if self.seconds >= WORTH_TELLING_S else "")


@dataclass(slots=True)
class _Arriving:
    """Filled while a reply arrives, so that what came before an exception is not lost."""

    status: int | None = None
    body: bytearray = field(default_factory=bytearray)
    connecting: bool = False


Ask = Callable[[Request, _Arriving], Awaitable[None]]
Program = Callable[[Request], Awaitable[tuple[Got, Got]]]


async def with_aiohttp(request: Request) -> tuple[Got, Got]:
    """``ClientSession.post`` with a limit for the whole of it."""
    timeout = aiohttp.ClientTimeout(total=TIME_LIMIT_S)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:

        async def ask(request: Request, arriving: _Arriving) -> None:
            trust = request.trust or True
            async with session.post(request.url, data=request.body, headers=request.headers, ssl=trust) as response:
                arriving.status = response.status
                async for chunk in response.content.iter_any():
                    arriving.body += chunk

        return await _twice(ask, request)


async def with_httpx(request: Request) -> tuple[Got, Got]:
    """``AsyncClient.stream`` with a limit for each step of it."""
    async with httpx.AsyncClient(
        timeout=TIME_LIMIT_S, verify=request.trust or False, trust_env=False, follow_redirects=True
    ) as client:

        async def ask(request: Request, arriving: _Arriving) -> None:
            async with client.stream("POST", request.url, content=request.body, headers=request.headers) as response:
                arriving.status = response.status_code
                async for chunk in response.aiter_bytes():
                    arriving.body += chunk

        return await _twice(ask, request)


async def with_streams(request: Request) -> tuple[Got, Got]:
    """``asyncio.open_connection``, and every byte until the end."""
    return await _twice(_ask_with_streams, request)


PROGRAMS: dict[str, Program] = {"aiohttp": with_aiohttp, "httpx": with_httpx, "asyncio streams": with_streams}


async def _ask_with_streams(request: Request, arriving: _Arriving) -> None:
    parts = urlsplit(request.url)
    fields = {"Host": parts.netloc, "Connection": "close", "Content-Length": str(len(request.body)), **request.headers}
    head = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
    async with asyncio.timeout(TIME_LIMIT_S):
        arriving.connecting = True
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port, ssl=request.trust)
        arriving.connecting = False
        try:
            writer.write(f"POST {parts.path} HTTP/1.1\r\n{head}\r\n".encode() + request.body)
            while chunk := await reader.read(65_536):
                arriving.body += chunk
                arriving.status = arriving.status or _status_in(arriving.body)
        finally:
            writer.transport.abort()


def _status_in(data: bytearray) -> int | None:
    line = re.match(rb"HTTP/1\.1 (\d{3}) ", data)
    return int(line[1]) if line else None


async def _twice(ask: Ask, request: Request) -> tuple[Got, Got]:
    return await _got(ask, request), await _got(ask, request)


async def _got(ask: Ask, request: Request) -> Got:
    arriving, raised, began_s = _Arriving(), "", asyncio.get_running_loop().time()
    try:
        await ask(request, arriving)
    except Exception as error:  # noqa: BLE001 - which exception it is, is the very question
        raised = " ← ".join(_named(each) for each in _chain(error))
    took_s = asyncio.get_running_loop().time() - began_s
    return Got(arriving.status, PORT.sub(b":*", bytes(arriving.body)), raised, took_s, arriving.connecting)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The exception and, one after the other, what led to it; also where a library hides that (``from None``)."""
    while error is not None:
        if not isinstance(error, ssl.SSLWantReadError):  # no trouble: it is how OpenSSL asks for more bytes
            yield error
        error = error.__cause__ or error.__context__


def _named(error: BaseException) -> str:
    """Type and, where there is one, the system's error number or OpenSSL's reason."""
    package = type(error).__module__.partition(".")[0]
    name = type(error).__name__ if package in ("builtins", "asyncio", "ssl") else f"{package}.{type(error).__name__}"
    if isinstance(error, ssl.SSLError):  # whose number is OpenSSL's own
        return " ".join(filter(None, (name, getattr(error, "reason", None))))
    number = error.errno if isinstance(error, OSError) else None
    return name if number is None else f"{name} {errno.errorcode.get(number, number)}"

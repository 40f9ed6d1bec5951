"""TLS over the simulated network: asyncio's own, on simulated transports."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

import aiohttp
import pytest
import trustme
from aiohttp import web

from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def server_context(authority: trustme.CA) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert("license.test").configure_cert(context)
    return context


def client_context(authority: trustme.CA | None) -> ssl.SSLContext:
    context = ssl.create_default_context()
    if authority is not None:
        authority.configure_trust(context)
    return context


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def fetch(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    network = cast("VirtualLoop", asyncio.get_running_loop()).network
    network.names["license.test"] = "127.0.0.1"
    app = web.Application()
    app.router.add_get("/", hello)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=server)
    await site.start()
    try:
        connector = aiohttp.TCPConnector(ssl=client, socket_factory=network.socket_factory)
        async with (
            aiohttp.ClientSession(connector=connector) as session,
            session.get(f"https://license.test:{site.port}/") as response,
        ):
            return await response.text()
    finally:
        await runner.cleanup()


def test_aiohttp_speaks_tls_with_aiohttp(authority: trustme.CA) -> None:
    contexts = server_context(authority), client_context(authority)
    assert run_in_virtual_time(lambda: fetch(*contexts)) == "hello"


def test_an_unknown_authority_is_refused_at_once(authority: trustme.CA) -> None:
    async def main() -> float:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await fetch(server_context(authority), client_context(None))
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(main) < 0.1


def test_a_plain_server_shows_as_a_tls_error(authority: trustme.CA) -> None:
    class Plain(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            cast("asyncio.Transport", transport).write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Plain, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        await asyncio.open_connection(host, port, ssl=client_context(authority))

    with pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|RECORD_LAYER"):
        run_in_virtual_time(main)

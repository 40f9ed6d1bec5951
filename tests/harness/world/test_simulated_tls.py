"""TLS over the simulated network: asyncio's own, on simulated transports."""

from __future__ import annotations

import asyncio
import ssl
from typing import cast

import aiohttp
import pytest
from aiohttp import web

from fake_servers.engine.tls import process_authority
from harness.world.one_way import Crossing, Link
from harness.world.simulated_socket import Address
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time

NAME = "localhost"


def server_context() -> ssl.SSLContext:
    return process_authority().context(None, NAME)


def client_context(*, trusts: bool = True) -> ssl.SSLContext:
    return ssl.create_default_context(cadata=process_authority().ca_pem.decode()) if trusts else ssl.create_default_context()


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


async def fetch(server: ssl.SSLContext, client: ssl.SSLContext) -> str:
    network = cast("VirtualLoop", asyncio.get_running_loop()).network
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
            session.get(f"https://{NAME}:{site.port}/") as response,
        ):
            return await response.text()
    finally:
        await runner.cleanup()


def test_aiohttp_speaks_tls_with_aiohttp() -> None:
    assert run_in_virtual_time(lambda: fetch(server_context(), client_context())) == "hello"


def test_an_unknown_authority_is_refused_at_once() -> None:
    async def main() -> float:
        with pytest.raises(aiohttp.ClientConnectorCertificateError):
            await fetch(server_context(), client_context(trusts=False))
        return asyncio.get_running_loop().time()

    assert run_in_virtual_time(main) < 0.1


def test_a_plain_server_shows_as_a_tls_error() -> None:
    class Plain(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            cast("asyncio.Transport", transport).write(b"HTTP/1.1 400 Bad Request\r\n\r\n")

    async def main() -> None:
        loop = asyncio.get_running_loop()
        server = await loop.create_server(Plain, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        await asyncio.open_connection(host, port, ssl=client_context())

    with pytest.raises(ssl.SSLError, match=r"WRONG_VERSION_NUMBER|RECORD_LAYER"):
        run_in_virtual_time(main)


@pytest.mark.parametrize("link", [Link(), Link(latency=0.1, segment=100, window=700)], ids=["plain", "tight"])
@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_two_runs_differ_in_their_ciphertext_and_never_in_its_lengths_and_times(link: Link, version: ssl.TLSVersion) -> None:
    def crossings() -> tuple[list[tuple[float, int, int | str]], list[Crossing]]:
        shapes, pieces = list[tuple[float, int, int | str]](), list[Crossing]()
        context = client_context()
        context.minimum_version = context.maximum_version = version

        def tap(at: float, sender: Address, _: Address, piece: Crossing) -> None:
            pieces.append(piece)
            shapes.append((at, sender[1], len(piece) if isinstance(piece, bytes) else piece.value))

        async def main() -> None:
            cast("VirtualLoop", asyncio.get_running_loop()).network.tap = tap
            assert await fetch(server_context(), context) == "hello"

        run_in_virtual_time(main, link=link)
        return shapes, pieces

    runs = [crossings() for _ in range(10)]
    shapes, contents = [shape for shape, _ in runs], [pieces for _, pieces in runs]
    assert all(shape == shapes[0] for shape in shapes)
    assert all(contents[0] != other for other in contents[1:])
    assert sum(size for _, _, size in shapes[0] if isinstance(size, int)) > 1500


def test_a_body_of_megabytes_goes_through_small_windows_over_tls() -> None:
    body = bytes(range(256)) * 8192  # 2 MiB

    async def main() -> bytes:
        async def give(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(body)
            await writer.drain()
            writer.close()

        async with await asyncio.start_server(give, "127.0.0.1", 0, ssl=server_context()) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), ssl=client_context())
            try:
                return await reader.read()
            finally:
                writer.close()

    assert run_in_virtual_time(main, link=Link(window=5000)) == body

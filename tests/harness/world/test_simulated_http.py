"""Unmodified HTTP clients and servers on the simulated network: aiohttp on both sides, httpx as a second opinion."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, cast

import aiohttp
import httpx
import pytest
from aiohttp import web

from harness.world.simulated_network import SimulatedNetwork
from harness.world.simulated_server import SimulatedServer
from harness.world.simulated_transport import SimulatedTransport
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time

HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n"


def network() -> SimulatedNetwork:
    return cast("VirtualLoop", asyncio.get_running_loop()).network


def now() -> float:
    return asyncio.get_running_loop().time()


async def echo(request: web.Request) -> web.Response:
    assert request.transport is not None
    return web.json_response({"said": await request.text(), "from": request.transport.get_extra_info("peername")[1]})


@asynccontextmanager
async def aiohttp_server(handler: Callable[[web.Request], Any] = echo) -> AsyncIterator[str]:
    """An application behind AppRunner and TCPSite, as the fake services run."""
    app = web.Application(client_max_size=8 * 1024 * 1024)
    app.router.add_route("*", "/", handler)
    runner = web.AppRunner(app, access_log=None, handle_signals=False)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    network().names["license.test"] = "127.0.0.1"
    yield f"http://license.test:{site.port}/"
    await runner.cleanup()


@asynccontextmanager
async def server_that(acts: Callable[[SimulatedTransport], object]) -> AsyncIterator[str]:
    """A plain protocol that does one thing once it was asked."""

    class Acting(asyncio.Protocol):
        def connection_made(self, transport: asyncio.BaseTransport) -> None:
            self.transport = cast("SimulatedTransport", transport)

        def data_received(self, data: bytes) -> None:
            acts(self.transport)

    server = cast("SimulatedServer", await asyncio.get_running_loop().create_server(Acting, "127.0.0.1", 0))
    async with server:
        host, port = server.sockets[0].getsockname()
        yield f"http://{host}:{port}/"
        server.close_clients()


def session(**options: Any) -> aiohttp.ClientSession:
    """A client that opens no descriptor at all."""
    connector = aiohttp.TCPConnector(socket_factory=network().socket_factory, **options)
    return aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar())


async def get(client: aiohttp.ClientSession, url: str, **options: Any) -> Any:
    async with client.get(url, **options) as response:
        return await response.read()


# -- exchanges -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("force_close", "connections"), [(False, 1), (True, 3)])
def test_aiohttp_exchanges_over_kept_and_over_new_connections(force_close: bool, connections: int) -> None:
    async def main() -> tuple[list[str], int]:
        async with aiohttp_server() as url, session(force_close=force_close) as client:
            answers = []
            for text in ("a", "b", "c"):
                async with client.post(url, data=text) as response:
                    answers.append(await response.json())
        return [answer["said"] for answer in answers], len({answer["from"] for answer in answers})

    assert run_in_virtual_time(main) == (["a", "b", "c"], connections)


def test_an_unmodified_client_session_works() -> None:
    async def main() -> bytes:
        async with aiohttp_server() as url, aiohttp.ClientSession() as client, client.post(url, data="hello") as reply:
            return await reply.read()

    assert b"hello" in run_in_virtual_time(main)


def open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_an_unmodified_client_session_leaves_no_descriptor_behind() -> None:
    async def main() -> int:
        before = open_descriptors()
        async with aiohttp_server() as url, aiohttp.ClientSession() as client, client.get(url):
            return open_descriptors() - before

    assert run_in_virtual_time(main) == 0


def test_with_the_networks_socket_factory_no_socket_is_made_at_all(monkeypatch: pytest.MonkeyPatch) -> None:
    def no_socket(*_: object, **__: object) -> None:
        raise AssertionError("a real socket was made")

    async def main() -> bytes:
        async with aiohttp_server() as url, session() as client:
            return cast("bytes", await get(client, url))

    monkeypatch.setattr(socket, "socket", no_socket)
    assert run_in_virtual_time(main)


def test_httpx_works_and_keeps_its_connection() -> None:
    async def main() -> tuple[str, int]:
        async with aiohttp_server() as url, httpx.AsyncClient(trust_env=False) as client:
            answers = [(await client.post(url, content=text)).json() for text in ("a", "b")]
        return "".join(answer["said"] for answer in answers), len({answer["from"] for answer in answers})

    assert run_in_virtual_time(main) == ("ab", 1)


def test_httpx_notices_that_the_server_closed_an_idle_connection() -> None:
    async def main() -> list[int]:
        async with aiohttp_server() as url, httpx.AsyncClient(trust_env=False) as client:
            first = (await client.post(url, content="a")).json()
            network().connections_open[0].server.close()
            await asyncio.sleep(1)
            second = (await client.post(url, content="b")).json()
        return [first["from"], second["from"]]

    assert len(set(run_in_virtual_time(main))) == 2


def test_three_megabytes_reach_a_slow_reader_whole() -> None:
    body = bytes(range(256)) * 12_000

    async def large(_: web.Request) -> web.Response:
        return web.Response(body=body)

    async def main() -> bytes:
        received = bytearray()
        async with aiohttp_server(large) as url, session() as client, client.get(url) as response:
            await asyncio.sleep(60)  # nobody reads: aiohttp pauses the transport
            assert response.connection is not None
            assert response.connection.transport is not None
            assert not response.connection.transport.is_reading()
            async for chunk in response.content.iter_chunked(65_536):
                received += chunk
                await asyncio.sleep(1)
        return bytes(received)

    assert run_in_virtual_time(main) == body


def test_nothing_is_left_open_after_client_and_server_closed() -> None:
    async def main() -> int:
        async with aiohttp_server() as url:
            async with session() as client:
                await get(client, url)
                assert len(network().connections_open) == 1
            await asyncio.sleep(0.01)
            return len(network().connections_open)

    assert run_in_virtual_time(main) == 0


def test_a_client_that_gives_up_is_seen_by_the_server() -> None:
    async def main() -> tuple[list[str], int]:
        seen = []

        async def slow(request: web.Request) -> web.Response:
            try:
                await asyncio.sleep(100)
            finally:
                assert request.transport is None
                seen.append(f"gone at {now():.0f}")
            return web.Response()

        app = web.Application()
        app.router.add_get("/", slow)
        runner = web.AppRunner(app, handler_cancellation=True, handle_signals=False)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        async with session() as client:
            with pytest.raises(TimeoutError):
                await get(client, f"http://127.0.0.1:{site.port}/", timeout=aiohttp.ClientTimeout(total=3))
        await asyncio.sleep(1)
        still_open = len(network().connections_open)
        await runner.cleanup()
        return seen, still_open

    assert run_in_virtual_time(main) == (["gone at 3"], 0)


# -- failures, as the caller sees them -------------------------------------------------------------------------------


def fetch_from(acts: Callable[[SimulatedTransport], object], **timeouts: float) -> tuple[BaseException, float]:
    """What a client gets to see, and when."""

    async def main() -> tuple[BaseException, float]:
        async with server_that(acts) as url, session() as client:
            asked = now()
            with pytest.raises((aiohttp.ClientError, TimeoutError)) as error:
                await get(client, url, timeout=aiohttp.ClientTimeout(**timeouts))
            return error.value, now() - asked

    return run_in_virtual_time(main)


def test_refused() -> None:
    async def main() -> tuple[BaseException, int]:
        async with session() as client:
            with pytest.raises(aiohttp.ClientConnectorError) as error:
                await get(client, "http://127.0.0.1:1/")
        return error.value, len(network().refused)

    error, refused = run_in_virtual_time(main)
    assert isinstance(error.__cause__, ConnectionRefusedError)
    assert "Connect call failed ('127.0.0.1', 1)" in str(error)
    assert refused == 1


def test_an_unknown_name() -> None:
    async def main() -> None:
        async with session() as client:
            await get(client, "http://unknown.test/")

    with pytest.raises(aiohttp.ClientConnectorDNSError):
        run_in_virtual_time(main)


def test_a_silent_address_meets_the_connect_timeout() -> None:
    async def main() -> float:
        network().silent_addresses.add(("10.0.0.7", 80))
        async with session() as client:
            with pytest.raises(aiohttp.ConnectionTimeoutError):
                await get(client, "http://10.0.0.7/", timeout=aiohttp.ClientTimeout(sock_connect=5))
        return now()

    assert run_in_virtual_time(main) == 5.0


def write_and(ending: str, data: bytes) -> Callable[[SimulatedTransport], None]:
    def acts(transport: SimulatedTransport) -> None:
        transport.write(data)
        getattr(transport, ending)()

    return acts


@pytest.mark.parametrize("data", [b"", HEAD[:20]], ids=["before the first byte", "in the headers"])
def test_reset_before_the_body(data: bytes) -> None:
    error, _ = fetch_from(write_and("reset", data))
    assert isinstance(error, aiohttp.ClientOSError)
    assert error.errno == errno.ECONNRESET


@pytest.mark.parametrize("data", [b"", HEAD[:20]], ids=["before the first byte", "in the headers"])
def test_end_before_the_body(data: bytes) -> None:
    error, _ = fetch_from(write_and("close", data))
    assert isinstance(error, aiohttp.ServerDisconnectedError)


@pytest.mark.parametrize("ending", ["reset", "close"])
def test_reset_or_end_in_the_middle_of_the_body(ending: str) -> None:
    error, _ = fetch_from(write_and(ending, HEAD + b"x" * 40))
    assert isinstance(error, aiohttp.ClientPayloadError)


@pytest.mark.parametrize(
    ("timeouts", "kind", "after_s"),
    [({"sock_read": 4}, aiohttp.SocketTimeoutError, 4.0), ({"total": 3}, TimeoutError, 3.0)],
)
def test_a_stall_ends_at_exactly_the_virtual_second_of_the_timeout(
    timeouts: dict[str, float], kind: type[Exception], after_s: float
) -> None:
    error, waited = fetch_from(lambda _: None, **timeouts)
    assert isinstance(error, kind)
    # sock_read counts from the moment when the request was written: two latencies for the handshake, and float dust.
    assert waited == pytest.approx(after_s + (0.001 if "sock_read" in timeouts else 0.0), abs=1e-9)


def test_a_drip_that_is_slow_but_alive_arrives() -> None:
    def drip(transport: SimulatedTransport) -> None:
        transport.write(HEAD)
        for number in range(100):
            asyncio.get_running_loop().call_later(number * 0.9, transport.write, b"x")

    async def main() -> tuple[bytes, float]:
        async with server_that(drip) as url, session() as client:
            return await get(client, url, timeout=aiohttp.ClientTimeout(sock_read=1)), now()

    body, at = run_in_virtual_time(main)
    assert body == b"x" * 100
    assert at == pytest.approx(99 * 0.9, abs=0.01)


def test_a_client_that_half_closes_still_gets_its_answer() -> None:
    async def main() -> bytes:
        async with server_that(write_and("close", HEAD + b"x" * 100)) as url:
            port = int(url.rstrip("/").rpartition(":")[2])
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.write(b"GET / HTTP/1.0\r\n\r\n")
            writer.write_eof()
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
            return answer

    assert run_in_virtual_time(main) == HEAD + b"x" * 100

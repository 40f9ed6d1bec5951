"""Names, listeners and connections: what a kernel would do, in memory."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Awaitable
from typing import Any

import pytest

from harness.world.one_way import Link
from harness.world.simulated_network import RefusedConnection
from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.peers import Log, Notes, network, pair


def look_up(host: str, **options: Any) -> Any:
    async def main() -> Any:
        network().names["license.test"] = "10.0.0.7"
        return await asyncio.get_running_loop().getaddrinfo(host, 80, **options)

    ((*_, address),) = run_in_virtual_time(main)
    return address


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("license.test", "10.0.0.7"),
        ("License.Test.", "10.0.0.7"),
        ("localhost", "127.0.0.1"),
        ("192.0.2.1", "192.0.2.1"),
    ],
)
def test_names_resolve_as_the_table_says_and_literals_to_themselves(host: str, address: str) -> None:
    assert look_up(host) == (address, 80)


@pytest.mark.parametrize(
    ("host", "options"),
    [
        ("unknown.test", {}),
        ("license.test", {"family": socket.AF_INET6}),
        ("license.test", {"flags": socket.AI_NUMERICHOST}),
    ],
)
def test_what_has_no_address_here_is_an_unknown_name(host: str, options: dict[str, Any]) -> None:
    with pytest.raises(socket.gaierror) as error:
        look_up(host, **options)
    assert error.value.errno == socket.EAI_NONAME


def test_a_silent_name_server_is_given_up_after_ten_seconds_and_leaves_proof() -> None:
    async def main() -> tuple[float, str]:
        network().silent_names.add("license.test")
        with pytest.raises(socket.gaierror) as error:
            await asyncio.get_running_loop().getaddrinfo("license.test", 80)
        assert error.value.errno == socket.EAI_AGAIN
        return asyncio.get_running_loop().time(), network().unresolved[0].name

    assert run_in_virtual_time(main) == (10.0, "license.test")


def test_a_silent_address_times_out_as_on_linux() -> None:
    async def main() -> tuple[float, int | None]:
        network().silent_addresses.add(("10.0.0.7", 443))
        with pytest.raises(TimeoutError) as error:
            await asyncio.open_connection("10.0.0.7", 443)
        return asyncio.get_running_loop().time(), error.value.errno

    assert run_in_virtual_time(main) == (127.0, errno.ETIMEDOUT)


def test_a_refused_connection_leaves_proof() -> None:
    async def main() -> list[RefusedConnection]:
        network().names["license.test"] = "10.0.0.7"
        await asyncio.sleep(5)
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("license.test", 443)
        return network().refused

    assert run_in_virtual_time(main, link=Link(latency=1.0)) == [RefusedConnection(8.0, "10.0.0.7", 443)]


def test_a_port_can_be_closed_and_opened_again() -> None:
    async def main() -> list[bool]:
        loop, accepted = asyncio.get_running_loop(), []
        server = await loop.create_server(Notes, None, 0)
        port = server.sockets[0].getsockname()[1]
        for _ in range(2):
            _, writer = await asyncio.open_connection("10.1.2.3", port)  # bound to all addresses
            writer.close()
            accepted.append(server.is_serving())
            server.close()
            assert server.sockets == ()
            with pytest.raises(ConnectionRefusedError):
                await asyncio.open_connection("10.1.2.3", port)
            server = await loop.create_server(Notes, None, port)
        return accepted

    assert run_in_virtual_time(main) == [True, True]


def test_a_listener_that_closes_resets_what_it_has_not_accepted() -> None:
    async def main() -> Log:
        loop, client = asyncio.get_running_loop(), Notes()
        server = await loop.create_server(Notes, "127.0.0.1", 0)
        await loop.create_connection(lambda: client, *server.sockets[0].getsockname())
        server.close()  # the client is connected, the server has not yet accepted
        return await client.until_lost()

    assert "ConnectionResetError" in run_in_virtual_time(main)[-1][1]


def test_waiting_for_a_closed_server_waits_for_its_connections() -> None:
    async def main() -> float:
        loop = asyncio.get_running_loop()
        async with await loop.create_server(Notes, "127.0.0.1", 0) as server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            loop.call_later(30, writer.close)
            await asyncio.sleep(1)
        return loop.time()

    assert run_in_virtual_time(main) == pytest.approx(30, abs=0.01)


def test_open_connections_are_known_until_both_ends_are_closed() -> None:
    async def main() -> list[int]:
        server, client, counts = Notes(keeps_open=True), Notes(), []

        async def count(_: Awaitable[None] | None = None) -> None:
            await asyncio.sleep(0.01)
            counts.append(len(network().connections_open))

        await count()
        await pair(server, client)
        await count()
        client.transport.close()
        await count()
        assert network().connections_open[0].client.is_closing()
        server.transport.close()
        await count()
        return counts

    assert run_in_virtual_time(main) == [0, 1, 1, 0]


def test_connections_left_open_are_lost_when_the_run_ends() -> None:
    server, client = Notes(), Notes()
    run_in_virtual_time(lambda: pair(server, client))
    assert server.log[-1] == client.log[-1] == ("lost", "None")


def test_a_tap_sees_everything_that_leaves_an_end() -> None:
    async def main() -> Log:
        seen: Log = []
        network().tap = lambda at, sender, receiver, piece: seen.append((at, sender[1], receiver[1], piece))
        server, client = Notes(), Notes()
        await pair(server, client)
        client.transport.write(b"question")
        client.transport.close()
        await server.until_lost()
        return [(at, sender, receiver, getattr(piece, "value", piece)) for at, sender, receiver, piece in seen]

    assert run_in_virtual_time(main, link=Link(latency=1.0)) == [
        (3.0, 32768, 20001, b"question"),
        (3.0, 32768, 20001, "fin"),
        (4.0, 20001, 32768, "fin"),
    ]


def test_a_real_socket_that_was_never_connected_here_is_refused() -> None:
    async def main() -> None:
        with socket.socket() as sock, pytest.raises(OSError, match="not connected in the simulated network"):
            await asyncio.get_running_loop().create_connection(Notes, sock=sock)

    run_in_virtual_time(main)

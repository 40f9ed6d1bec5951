"""Paths that are cut and healed, a device that gets another address, servers that restart."""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest

from harness.world.one_way import Link
from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.peers import Log, Notes, network

SERVER = "10.0.0.1"
CLIENT = "127.0.0.1"


def now() -> float:
    return asyncio.get_running_loop().time()


class Echo(Notes):
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.transport.write(data)


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[Notes, Notes, int]]:
    """Client and server (an echo), and the server's port."""
    loop, ends = asyncio.get_running_loop(), list[Notes]()

    def accepted() -> Notes:
        ends.append(Echo())
        return ends[-1]

    server = await loop.create_server(accepted, SERVER, 0)
    port = server.sockets[0].getsockname()[1]
    _, client = await loop.create_connection(Notes, SERVER, port)
    await asyncio.sleep(0.01)
    yield client, ends[0], port
    server.close()


async def echoed(client: Notes, data: bytes) -> float:
    """When the echo of these bytes was there, after they were sent."""
    asked, before = now(), client.received
    client.transport.write(data)
    async with asyncio.timeout(3000):
        while client.received != before + data:
            await asyncio.sleep(0.05)
    return now() - asked


def test_a_cut_connection_goes_on_after_healing_when_tcp_sends_again() -> None:
    async def main() -> tuple[float, float]:
        async with connection() as (client, _, _):
            quick = await echoed(client, b"before")
            network().partition(CLIENT, SERVER)
            asyncio.get_running_loop().call_later(1.0, network().heal, CLIENT, SERVER)
            return quick, await echoed(client, b"during")

    quick, late = run_in_virtual_time(main)
    assert quick < 0.1
    # Sent again after 0.2, 0.6 and 1.4 s: the first repeat after the healing gets through.
    assert late == pytest.approx(1.4, abs=0.06)


def test_everything_written_during_a_cut_arrives_in_order() -> None:
    async def main() -> bytes:
        async with connection() as (client, server, _):
            network().partition(CLIENT, SERVER)
            for word in (b"one ", b"two "):
                client.transport.write(word)
                await asyncio.sleep(1)
            network().heal(CLIENT, SERVER)
            client.transport.write(b"three ")  # before the repeat
            client.transport.close()
            await server.until_lost()
            return server.received

    assert run_in_virtual_time(main) == b"one two three "


def test_an_idle_connection_hears_nothing_of_a_cut() -> None:
    async def main() -> tuple[float, Log]:
        async with connection() as (client, _, _):
            network().partition(CLIENT, SERVER)
            await asyncio.sleep(3600)
            network().heal(CLIENT, SERVER)
            return await echoed(client, b"still there?"), list(client.log)

    took, log = run_in_virtual_time(main)
    assert took < 0.1
    assert log == [("made",)]


def test_a_sender_gives_up_as_linux_does() -> None:
    async def main() -> tuple[float, Log, Log]:
        async with connection() as (client, server, _):
            network().partition(CLIENT, SERVER)
            cut_at = now()
            client.transport.write(b"anybody?")
            while client.log[-1][0] != "lost":
                await asyncio.sleep(0.1)
            return now() - cut_at, list(client.log), list(server.log)

    gave_up_after, client, server = run_in_virtual_time(main)
    assert gave_up_after == pytest.approx(924.6, abs=0.11)
    assert client[-1] == ("lost", repr(TimeoutError(errno.ETIMEDOUT, "Connection timed out")))
    assert server == [("made",)], "the other side never hears of it"


def test_after_one_side_gave_up_the_other_learns_of_it_only_when_it_speaks() -> None:
    async def main() -> tuple[bytes, Log]:
        async with connection() as (client, server, _):
            network().partition(CLIENT, SERVER)
            client.transport.write(b"never arrives")
            await asyncio.sleep(1000)
            network().heal(CLIENT, SERVER)
            await asyncio.sleep(1000)
            assert server.log == [("made",)]
            server.transport.write(b"hello?")
            return server.received, await server.until_lost()

    received, log = run_in_virtual_time(main)
    assert received == b""
    assert log[-1] == ("lost", repr(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")))


def test_what_was_written_before_a_close_in_the_dark_arrives_after_the_healing() -> None:
    async def main() -> tuple[bytes, Log]:
        async with connection() as (client, server, _):
            network().partition(CLIENT, SERVER)
            client.transport.write(b"last words")
            client.transport.close()
            await client.until_lost()
            await asyncio.sleep(60)
            network().heal(CLIENT, SERVER)
            await asyncio.sleep(60)
            return server.received, list(server.log)

    received, log = run_in_virtual_time(main)
    assert received == b"last words"
    assert ("eof after", b"last words") in log


def test_one_way_the_request_arrives_and_the_reply_does_not() -> None:
    async def main() -> tuple[bytes, bytes, float]:
        async with connection() as (client, server, _):
            network().partition(SERVER, CLIENT, one_way=True)
            client.transport.write(b"request")
            await asyncio.sleep(5)
            arrived = server.received, client.received
            network().heal(SERVER, CLIENT, one_way=True)
            healed_at = now()
            await client.until(lambda notes: notes.received == b"request")
            return *arrived, now() - healed_at

    request, reply, took = run_in_virtual_time(main)
    assert (request, reply) == (b"request", b"")
    assert 0 < took < 5


def test_one_way_a_sender_who_hears_no_acknowledgement_fills_the_window_and_stops() -> None:
    async def main() -> tuple[int, int, int]:
        async with connection() as (client, server, _):
            network().partition(SERVER, CLIENT, one_way=True)
            for _ in range(10):
                client.transport.write(bytes(100))
                await asyncio.sleep(1)
            arrived, waiting = len(server.received), client.transport.get_write_buffer_size()
            network().heal(SERVER, CLIENT, one_way=True)
            await client.until(lambda notes: len(notes.received) == 1000)
            return arrived, waiting, len(server.received)

    assert run_in_virtual_time(main, link=Link(window=300)) == (300, 700, 1000)


@pytest.mark.parametrize("cut", [(CLIENT, SERVER), (SERVER, CLIENT)])
@pytest.mark.parametrize("one_way", [False, True])
def test_a_new_connection_across_a_cut_waits_for_the_next_syn(cut: tuple[str, str], one_way: bool) -> None:
    async def main() -> float:
        async with connection() as (_, _, port):
            network().partition(*cut, one_way=one_way)
            begun = now()
            asyncio.get_running_loop().call_later(5, lambda: network().heal(*cut, one_way=one_way))
            _, writer = await asyncio.open_connection(SERVER, port)
            writer.close()
            return now() - begun

    assert run_in_virtual_time(main) == pytest.approx(7, abs=0.01)  # SYNs after 0, 1, 3 and 7 s


def test_a_new_connection_across_a_cut_that_stays_times_out_as_on_linux() -> None:
    async def main() -> tuple[float, int | None]:
        async with connection() as (_, _, port):
            network().partition(CLIENT, SERVER)
            begun = now()
            with pytest.raises(TimeoutError) as error:
                await asyncio.open_connection(SERVER, port)
            return now() - begun, error.value.errno

    assert run_in_virtual_time(main) == (127.0, errno.ETIMEDOUT)


def test_a_client_cut_off_from_everybody_finds_no_name_server_but_itself() -> None:
    async def main() -> str:
        network().names["license.test"] = SERVER
        network().partition(CLIENT)
        with pytest.raises(socket.gaierror) as error:
            await asyncio.open_connection("license.test", 80)
        assert error.value.errno == socket.EAI_AGAIN
        server = await asyncio.get_running_loop().create_server(Echo, CLIENT, 0)
        _, own = await asyncio.get_running_loop().create_connection(Notes, *server.sockets[0].getsockname())
        await echoed(own, b"hello, me")
        network().heal(CLIENT)
        ((*_, address),) = await asyncio.get_running_loop().getaddrinfo("license.test", 80)
        return str(address[0])

    assert run_in_virtual_time(main) == SERVER


def test_cuts_that_overlap_are_healed_one_by_one() -> None:
    async def main() -> list[bool]:
        async with connection() as (client, _, _):
            network().partition(CLIENT)
            network().partition(CLIENT, SERVER)
            heard = []
            for other in (SERVER, None):
                network().heal(CLIENT, other)
                client.transport.write(b"?")
                await asyncio.sleep(60)
                heard.append(bool(client.received))
            return heard

    assert run_in_virtual_time(main) == [False, True]


def test_healing_what_is_not_cut_or_cutting_what_is_no_host_is_refused() -> None:
    async def main() -> None:
        network().names["license.test"] = SERVER
        network().partition("license.test", CLIENT)
        with pytest.raises(ValueError, match=r"nothing is cut from 10\.0\.0\.1 to everybody"):
            network().heal(SERVER)
        with pytest.raises(ValueError, match=r"'licence.test' is neither an IPv4 address nor a name of this network \(license"):
            network().partition("licence.test")

    run_in_virtual_time(main)


def test_an_address_change_in_the_middle_of_a_transfer_is_noticed_by_neither_side() -> None:
    async def main() -> tuple[Log, Log, str, float]:
        async with connection() as (client, server, port):
            client.transport.write(b"first")
            await asyncio.sleep(1)
            network().change_address("10.0.0.99")
            changed_at = now()
            client.transport.write(b"second")
            server.transport.write(b"and here")
            await asyncio.sleep(900)
            quiet = list(client.log), list(server.log)
            assert (client.received, server.received) == (b"first", b"first")
            _, writer = await asyncio.open_connection(SERVER, port)
            host = writer.get_extra_info("sockname")[0]
            writer.close()
            while client.log[-1][0] != "lost" or server.log[-1][0] != "lost":
                await asyncio.sleep(0.1)
            return *quiet, host, now() - changed_at

    client, server, host, gave_up_after = run_in_virtual_time(main)
    assert client == server == [("made",)]
    assert host == "10.0.0.99"
    assert gave_up_after == pytest.approx(924.6, abs=0.11)


def test_healing_does_not_revive_a_connection_of_an_old_address() -> None:
    async def main() -> bytes:
        async with connection() as (client, server, _):
            network().partition(CLIENT, SERVER)
            network().change_address("10.0.0.99")
            network().heal(CLIENT, SERVER)
            client.transport.write(b"lost")
            await asyncio.sleep(900)
            return server.received

    assert run_in_virtual_time(main) == b""


def restarting(check: Callable[[Notes, Notes, int], Any]) -> Any:
    async def main() -> Any:
        async with connection() as (client, server, port):
            network().restart(SERVER, port, down_s=10)
            return await check(client, server, port)

    return run_in_virtual_time(main)


def test_a_server_that_restarts_resets_its_connections_and_is_back_later() -> None:
    async def check(client: Notes, server: Notes, port: int) -> Log:
        await client.until_lost()
        await server.until_lost()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(SERVER, port)
        await asyncio.sleep(10)
        _, again = await asyncio.get_running_loop().create_connection(Notes, SERVER, port)
        await echoed(again, b"back")
        return client.log

    assert "ConnectionResetError" in restarting(check)[-1][1]


def test_a_server_that_was_killed_twice_is_back_after_the_second_time() -> None:
    async def check(_client: Notes, _server: Notes, port: int) -> list[bool]:
        await asyncio.sleep(5)
        with pytest.raises(ValueError, match="nobody listens at"):
            network().restart(SERVER, port, down_s=1)
        await asyncio.sleep(6)
        network().restart(SERVER, port, down_s=3)
        up = []
        for _ in range(2):
            await asyncio.sleep(2)
            up.append((SERVER, port) in network().listening())
        return up

    assert restarting(check) == [False, True]


def test_a_server_that_closes_while_it_is_down_stays_away() -> None:
    async def main() -> bool:
        server = await asyncio.get_running_loop().create_server(Echo, SERVER, 0)
        address = server.sockets[0].getsockname()
        network().restart(*address, down_s=10)
        server.close()
        await asyncio.sleep(60)
        return address in network().listening()

    assert run_in_virtual_time(main) is False

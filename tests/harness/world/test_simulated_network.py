"""Names, ports and transports: what a kernel would do, in memory.

What asyncio shows of TCP is tried on real sockets too: the same program must write the same log on both.
"""

from __future__ import annotations

import asyncio
import errno
import socket
import struct
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, cast

import pytest

from harness.world.simulated_network import RefusedConnection, SimulatedNetwork
from harness.world.simulated_transport import SimulatedTransport
from harness.world.virtual_loop import VirtualLoop
from harness.world.virtual_run import run_in_virtual_time

Log = list[tuple[Any, ...]]


def network() -> SimulatedNetwork:
    return cast("VirtualLoop", asyncio.get_running_loop()).network


class Notes(asyncio.Protocol):
    """Notes what it is told, and lets a test wait for it."""

    def __init__(self, *, keeps_open: bool = False) -> None:
        self.log: Log = []
        self.keeps_open = keeps_open
        self.received = b""
        self._changed = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._note("made")

    def data_received(self, data: bytes) -> None:
        self.received += data
        self._changed.set()

    def eof_received(self) -> bool:
        self._note("eof after", self.received)
        return self.keeps_open

    def connection_lost(self, exc: Exception | None) -> None:
        self._note("lost", repr(exc))

    def _note(self, *what: Any) -> None:
        self.log.append(what)
        self._changed.set()

    async def until(self, what: Callable[[Notes], bool]) -> None:
        async with asyncio.timeout(10):
            while not what(self):
                self._changed.clear()
                await self._changed.wait()

    async def until_lost(self) -> Log:
        await self.until(lambda notes: notes.log[-1][0] == "lost")
        return self.log


async def pair(server: Notes, client: Notes) -> None:
    loop = asyncio.get_running_loop()
    listener = await loop.create_server(lambda: server, "127.0.0.1", 0)
    host, port = listener.sockets[0].getsockname()
    await loop.create_connection(lambda: client, host, port)
    await server.until(lambda notes: bool(notes.log))
    listener.close()


def reset(transport: asyncio.Transport) -> None:
    if isinstance(transport, SimulatedTransport):
        transport.reset()
    else:
        linger_for_nothing = struct.pack("ii", 1, 0)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger_for_nothing)
        transport.abort()


# -- the same log on real sockets ------------------------------------------------------------------------------------


async def close_after_writing() -> tuple[Log, Log]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.writelines([b"all ", bytearray(b"of "), memoryview(b"it")])
    server.transport.close()
    return await client.until_lost(), await server.until_lost()


async def abort_is_no_reset() -> tuple[Log, Log]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.write(b"sent")
    server.transport.abort()
    return await client.until_lost(), await server.until_lost()


async def reset_after_writing() -> tuple[Log, Log, bytes]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.write(b"part of it")
    await client.until(lambda notes: notes.received == b"part of it")
    reset(server.transport)
    return await client.until_lost(), await server.until_lost(), client.received


async def half_close_and_answer() -> tuple[Log, Log, bytes]:
    server, client = Notes(keeps_open=True), Notes()
    await pair(server, client)
    client.transport.write(b"question")
    client.transport.write_eof()
    await server.until(lambda notes: notes.log[-1] == ("eof after", b"question"))
    server.transport.write(b"answer")
    server.transport.close()
    return await client.until_lost(), await server.until_lost(), client.received


async def write_to_one_that_is_gone() -> tuple[Log, Log]:
    server, client = Notes(), Notes(keeps_open=True)
    await pair(server, client)
    server.transport.close()
    await client.until(lambda notes: notes.log[-1] == ("eof after", b""))
    while client.log[-1][0] != "lost":
        client.transport.write(b"anybody there?")
        await asyncio.sleep(0.01)
    return client.log, server.log


async def write_after_the_end() -> list[str]:
    server, client = Notes(), Notes(keeps_open=True)
    await pair(server, client)
    client.transport.write_eof()
    said = []
    for data in (b"more", "text"):
        try:
            client.transport.write(cast("bytes", data))
        except (RuntimeError, TypeError) as exc:
            said.append(type(exc).__name__)
    await client.until(lambda notes: ("eof after", b"") in notes.log)
    client.transport.close()
    server.transport.close()
    server.transport.write(b"dropped in silence")
    await client.until_lost()
    return said


async def knock_at_a_closed_port() -> tuple[str, int | None]:
    server = await asyncio.get_running_loop().create_server(Notes, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    server.close()
    await server.wait_closed()
    with pytest.raises(ConnectionRefusedError) as refused:
        await asyncio.open_connection(host, port)
    return str(refused.value).replace(str(port), "PORT"), refused.value.errno


async def port_taken() -> tuple[int | None, str]:
    loop = asyncio.get_running_loop()
    async with await loop.create_server(Notes, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(OSError, match="address already in use") as taken:
            await loop.create_server(Notes, "127.0.0.1", port)
        # Python 3.13 says the number twice.
        return taken.value.errno, str(taken.value).replace(str(port), "PORT").replace("[errno 98] ", "")


@pytest.mark.parametrize(
    "program",
    [
        close_after_writing,
        abort_is_no_reset,
        reset_after_writing,
        half_close_and_answer,
        write_to_one_that_is_gone,
        write_after_the_end,
        knock_at_a_closed_port,
        port_taken,
    ],
)
def test_simulated_and_real_sockets_tell_the_same(program: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    simulated = run_in_virtual_time(program)
    assert simulated
    assert simulated == asyncio.run(program())


def test_a_reset_shows_as_connection_reset_and_loses_nothing_that_was_written() -> None:
    async def main() -> tuple[Log, bytes]:
        server, client = Notes(), Notes()
        await pair(server, client)
        for _ in range(3):
            server.transport.write(b"abc")
        reset(server.transport)  # in the very instant of the writes: what was written has left
        return await client.until_lost(), client.received

    log, received = run_in_virtual_time(main)
    assert received == b"abcabcabc"
    assert log[-1] == ("lost", repr(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")))


# -- reading ---------------------------------------------------------------------------------------------------------


def test_a_reader_that_pauses_gets_everything_in_order_later() -> None:
    body = bytes(range(256)) * 12_000  # 3 MB

    async def main() -> list[float]:
        server, client = Notes(), Notes()
        await pair(server, client)
        client.transport.pause_reading()
        assert not client.transport.is_reading()
        server.transport.write(body)
        server.transport.close()
        times = []
        while client.received != body:
            before = client.received
            await asyncio.sleep(10)
            assert client.received == before, "a paused reader was fed"
            client.transport.resume_reading()
            await client.until(lambda notes, before=before: notes.received != before)  # type: ignore[misc] # lambda default
            client.transport.pause_reading()
            times.append(asyncio.get_running_loop().time())
        client.transport.resume_reading()
        await client.until_lost()
        return times

    assert run_in_virtual_time(main)[0] == pytest.approx(10, abs=0.01)


def test_a_reader_that_pauses_on_every_piece_is_fed_piece_by_piece() -> None:
    class Slow(Notes):
        def data_received(self, data: bytes) -> None:
            super().data_received(data)
            self.log.append((len(data), asyncio.get_running_loop().time()))
            self.transport.pause_reading()
            asyncio.get_running_loop().call_later(1, self.transport.resume_reading)

    async def main() -> tuple[Log, int]:
        server, client = Notes(), Slow()
        await pair(server, client)
        server.transport.write(b"x" * 1_000_000)
        server.transport.close()
        return await client.until_lost(), len(client.received)

    log, received = run_in_virtual_time(main)
    assert received == 1_000_000
    assert [size for size, _ in log[1:-2]] == [262_144, 262_144, 262_144, 213_568]
    assert [round(at) for _, at in log[1:-2]] == [0, 1, 2, 3]


def test_a_buffered_protocol_is_fed_through_its_buffer() -> None:
    class Buffered(asyncio.BufferedProtocol):
        def __init__(self) -> None:
            self.buffer = bytearray(7)
            self.received = b""
            self.lost = asyncio.Event()

        def get_buffer(self, _sizehint: int) -> bytearray:
            return self.buffer

        def buffer_updated(self, nbytes: int) -> None:
            self.received += self.buffer[:nbytes]

        def connection_lost(self, _exc: Exception | None) -> None:
            self.lost.set()

    async def main() -> bytes:
        loop = asyncio.get_running_loop()
        server, client = Notes(), Buffered()
        listener = await loop.create_server(lambda: server, "127.0.0.1", 0)
        await loop.create_connection(lambda: client, *listener.sockets[0].getsockname())
        await server.until(lambda notes: bool(notes.log))
        server.transport.write(b"more than seven bytes")
        server.transport.close()
        await client.lost.wait()
        return client.received

    assert run_in_virtual_time(main) == b"more than seven bytes"


def test_a_protocol_that_fails_loses_its_connection_and_is_reported() -> None:
    class Failing(Notes):
        def data_received(self, data: bytes) -> None:
            raise ValueError("cannot read this")

    async def main() -> tuple[Log, list[Any]]:
        loop, reported = asyncio.get_running_loop(), []
        loop.set_exception_handler(lambda _, context: reported.append(str(context["exception"])))
        server, client = Notes(), Failing()
        await pair(server, client)
        server.transport.write(b"x")
        return await client.until_lost(), reported

    log, reported = run_in_virtual_time(main)
    assert log[-1] == ("lost", "ValueError('cannot read this')")
    assert reported == ["cannot read this"]


def test_bytes_take_the_latency_of_the_network() -> None:
    async def main() -> list[float]:
        loop = asyncio.get_running_loop()
        server, client = Notes(), Notes()
        await pair(server, client)
        connected = loop.time()
        server.transport.write(b"x")
        await client.until(lambda notes: notes.received == b"x")
        return [connected, loop.time() - connected]

    # There and back for the handshake, once more until the server has the connection; then one way.
    assert run_in_virtual_time(main, latency=2.0) == [6.0, 2.0]


# -- names and ports -------------------------------------------------------------------------------------------------


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

    assert run_in_virtual_time(main, latency=1.0) == [RefusedConnection(8.0, "10.0.0.7", 443)]


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

    assert run_in_virtual_time(main, latency=1.0) == [
        (3.0, 32768, 20001, b"question"),
        (3.0, 32768, 20001, "fin"),
        (4.0, 20001, 32768, "fin"),
    ]


def test_a_real_socket_that_was_never_connected_here_is_refused() -> None:
    async def main() -> None:
        with socket.socket() as sock, pytest.raises(OSError, match="not connected in the simulated network"):
            await asyncio.get_running_loop().create_connection(Notes, sock=sock)

    run_in_virtual_time(main)

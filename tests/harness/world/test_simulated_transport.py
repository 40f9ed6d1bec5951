"""Reading and writing: windows, pauses, segments, jitter, and what a reset does to unread bytes."""

from __future__ import annotations

import asyncio
import errno
from typing import Any

import pytest

from harness.world.one_way import Link
from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.peers import Log, Notes, pair, reset


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
        server.transport.write(b"x" * 250_000)
        server.transport.close()
        return await client.until_lost(), len(client.received)

    log, received = run_in_virtual_time(main)
    assert received == 250_000
    assert [size for size, _ in log[1:-2]] == [65_536, 65_536, 65_536, 53_392]
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
    assert run_in_virtual_time(main, link=Link(latency=2.0)) == [6.0, 2.0]

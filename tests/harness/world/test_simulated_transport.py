"""Reading and writing: windows, pauses, segments, jitter, and what a reset does to unread bytes."""

from __future__ import annotations

import asyncio
import errno
from random import Random
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


# -- windows, segments, jitter ---------------------------------------------------------------------------------------


def arrivals(link: Link, *writes: bytes, seed: int = 0) -> list[tuple[float, bytes]]:
    """When which pieces of the server's writes reach the client, in seconds after the writing."""

    class Timed(Notes):
        def data_received(self, data: bytes) -> None:
            pieces.append((asyncio.get_running_loop().time() - begun, data))
            super().data_received(data)

    pieces: list[tuple[float, bytes]] = []
    begun = 0.0

    async def main() -> None:
        nonlocal begun
        server, client = Notes(), Timed()
        await pair(server, client)
        begun = asyncio.get_running_loop().time()
        for data in writes:
            server.transport.write(data)
        server.transport.close()
        await client.until_lost()

    run_in_virtual_time(main, link=link, rng=Random(seed))
    return pieces


def test_no_more_than_a_window_is_on_its_way_and_a_round_trip_opens_it_again() -> None:
    pieces = arrivals(Link(latency=1.0, window=10), b"0123456789abcdefghijXYZ")
    assert pieces == [(1.0, b"0123456789"), (3.0, b"abcdefghij"), (5.0, b"XYZ")]


def test_what_was_read_makes_room_one_latency_later_and_not_before() -> None:
    async def main() -> list[int]:
        server, client = Notes(), Notes()
        await pair(server, client)
        waiting = []
        for pause in (0.0, 1.5, 0.6):
            await asyncio.sleep(pause)
            server.transport.write(b"ten bytes!")
            waiting.append(server.transport.get_write_buffer_size())
        return waiting

    # Read at 1 s; the writer knows at 2 s. What it wrote at 1.5 s left then.
    assert run_in_virtual_time(main, link=Link(latency=1.0, window=10)) == [0, 10, 10]


def test_a_paused_reader_fills_the_window_and_then_the_writer_is_paused() -> None:
    async def main() -> tuple[Log, list[int], bool]:
        server, client, waiting = Notes(), Notes(), []
        await pair(server, client)
        client.transport.pause_reading()
        for _ in range(6):
            server.transport.write(bytes(32 * 1024))
            waiting.append(server.transport.get_write_buffer_size())
        client.transport.resume_reading()
        await client.until(lambda notes: len(notes.received) == 6 * 32 * 1024)
        server.transport.close()
        return server.log, waiting, await server.until_lost() is server.log

    log, waiting, _ = run_in_virtual_time(main)
    assert waiting == [0, 0, 32 * 1024, 64 * 1024, 96 * 1024, 128 * 1024]
    assert log == [("made",), ("writing paused",), ("writing resumed",), ("lost", "None")]


def test_a_stream_writer_waits_in_drain_until_the_reader_goes_on() -> None:
    async def main() -> float:
        loop, gone_on = asyncio.get_running_loop(), asyncio.Event()

        async def read_late(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(30)
            await reader.read()
            writer.close()
            gone_on.set()

        async with await asyncio.start_server(read_late, "127.0.0.1", 0) as server:
            _, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(bytes(1_000_000))
            await writer.drain()
            drained_at = loop.time()
            writer.close()
            await gone_on.wait()
        return drained_at

    assert run_in_virtual_time(main) == pytest.approx(30, abs=0.1)


def test_segments_arrive_one_by_one_and_in_order() -> None:
    pieces = arrivals(Link(segment=4), b"0123456789", b"abc")
    assert [data for _, data in pieces] == [b"0123", b"4567", b"89", b"abc"]


def test_jitter_delays_each_piece_within_its_bound_and_keeps_their_order() -> None:
    link = Link(latency=1.0, jitter=0.5)
    writes = [bytes([number]) for number in range(50)]
    pieces = arrivals(link, *writes)
    times = [at for at, _ in pieces]
    assert [data for _, data in pieces] == writes
    assert times == sorted(times)
    assert 1.0 <= times[0] < times[-1] <= 1.5
    assert arrivals(link, *writes) == pieces, "the same seed, the same times"
    assert arrivals(link, *writes, seed=1) != pieces


@pytest.mark.parametrize(("loses", "received"), [(False, b"not read yet"), (True, b"")])
def test_a_reset_discards_unread_bytes_only_if_asked_to(loses: bool, received: bytes) -> None:
    async def main() -> tuple[str, bytes]:
        server, client = Notes(), Notes()
        await pair(server, client)
        client.transport.pause_reading()
        server.transport.write(b"not read yet")
        await asyncio.sleep(1)
        server.transport.reset()  # type: ignore[attr-defined] # a simulated transport has it
        await asyncio.sleep(1)
        client.transport.resume_reading()
        return (await client.until_lost())[-1][1], client.received

    log, got = run_in_virtual_time(main, link=Link(loses_unread_on_reset=loses))
    assert "ConnectionResetError" in log
    assert got == received


def test_a_reset_comes_after_everything_that_was_written_even_behind_a_full_window() -> None:
    async def main() -> tuple[Log, int]:
        server, client = Notes(), Notes()
        await pair(server, client)
        server.transport.write(bytes(300_000))
        reset(server.transport)
        return await client.until_lost(), len(client.received)

    log, received = run_in_virtual_time(main)
    assert received == 300_000
    assert "ConnectionResetError" in log[-1][1]


def test_a_window_smaller_than_two_segments_lets_everything_through() -> None:
    body = bytes(range(256)) * 4
    pieces = arrivals(Link(window=3, segment=2), body)
    assert b"".join(data for _, data in pieces) == body
    assert {len(data) for _, data in pieces} == {1, 2}

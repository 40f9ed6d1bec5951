"""What asyncio shows of TCP: the same program must write the same log on simulated and on real sockets."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.peers import Log, Notes, pair, reset


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


async def close_with_something_unread() -> tuple[Log, Log, bytes]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.pause_reading()
    client.transport.write(b"never read")
    server.transport.write(b"arrives all the same")
    await client.until(lambda notes: notes.received == b"arrives all the same")
    await asyncio.sleep(0.05)
    server.transport.close()
    return await client.until_lost(), await server.until_lost(), client.received


async def abort_with_something_unread() -> tuple[Log, Log]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.pause_reading()
    client.transport.write(b"never read")
    await asyncio.sleep(0.05)
    server.transport.abort()
    return await client.until_lost(), await server.until_lost()


async def reset_leaves_what_was_not_read() -> tuple[Log, bytes]:
    server, client = Notes(), Notes()
    await pair(server, client)
    client.transport.pause_reading()
    server.transport.write(b"not read yet")
    await asyncio.sleep(0.05)
    reset(server.transport)
    await asyncio.sleep(0.05)
    client.transport.resume_reading()
    return await client.until_lost(), client.received


async def a_reader_that_pauses_pauses_the_writer() -> tuple[Log, bool]:
    server, client = Notes(), Notes()
    await pair(server, client)
    client.transport.pause_reading()
    body = bytes(1024) * 8192
    server.transport.write(body)
    assert server.transport.get_write_buffer_size() > 0
    server.transport.close()
    server.transport.write(b"asyncio still takes this")
    await asyncio.sleep(0.05)
    server.log.append(("is there still", server.log[-1] == ("writing paused",)))
    client.transport.resume_reading()
    await server.until_lost()
    return await client.until_lost() and server.log, client.received == body + b"asyncio still takes this"


async def half_close_behind_a_full_window() -> tuple[Log, bool]:
    server, client = Notes(), Notes(keeps_open=True)
    await pair(server, client)
    client.transport.pause_reading()
    body = bytes(1024) * 8192
    server.transport.write(body)
    server.transport.write_eof()
    client.transport.resume_reading()
    await client.until(lambda notes: notes.log[-1][0] == "eof after")
    client.transport.write(b"thanks")
    client.transport.close()
    await server.until_lost()
    return server.log, client.received == body


async def abort_drops_what_waits() -> tuple[Log, bool]:
    server, client = Notes(), Notes()
    await pair(server, client)
    client.transport.pause_reading()
    body = bytes(1024) * 8192
    server.transport.write(body)
    server.transport.abort()
    await server.until_lost()
    client.transport.resume_reading()
    await client.until_lost()
    return server.log, len(client.received) < len(body)


async def water_marks() -> list[Any]:
    server, client = Notes(), Notes()
    await pair(server, client)
    said: list[Any] = [server.transport.get_write_buffer_limits()]
    for limits in ({"high": 1000}, {"low": 10}, {"high": 5, "low": 9}, {}):
        try:
            server.transport.set_write_buffer_limits(**limits)
        except ValueError as error:
            said.append(str(error))
        said.append(server.transport.get_write_buffer_limits())
    server.transport.close()
    await client.until_lost()
    return said


async def writer_meets_a_reset_with_a_full_window() -> tuple[Log, Log]:
    server, client = Notes(), Notes()
    await pair(server, client)
    server.transport.pause_reading()
    client.transport.pause_reading()
    server.transport.write(bytes(1024) * 8192)
    await asyncio.sleep(0.05)
    reset(client.transport)
    return await server.until_lost(), await client.until_lost()


@pytest.mark.parametrize(
    "program",
    [
        close_after_writing,
        abort_is_no_reset,
        reset_after_writing,
        half_close_and_answer,
        write_to_one_that_is_gone,
        write_after_the_end,
        close_with_something_unread,
        abort_with_something_unread,
        reset_leaves_what_was_not_read,
        a_reader_that_pauses_pauses_the_writer,
        half_close_behind_a_full_window,
        abort_drops_what_waits,
        water_marks,
        writer_meets_a_reset_with_a_full_window,
        knock_at_a_closed_port,
        port_taken,
    ],
)
def test_simulated_and_real_sockets_tell_the_same(program: Callable[[], Coroutine[Any, Any, Any]]) -> None:
    simulated = run_in_virtual_time(program)
    assert simulated
    assert simulated == asyncio.run(program())

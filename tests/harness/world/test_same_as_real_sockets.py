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

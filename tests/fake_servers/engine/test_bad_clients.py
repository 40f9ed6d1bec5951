"""Clients that send nonsense, too much or too little: the service says what is wrong, journals it, and lives on."""

from __future__ import annotations

import asyncio
import logging
from random import Random

import pytest

from fake_servers.engine.limits import Limits
from fake_servers.journal import ConnectionClosed, ReplySent, RequestReceived
from tests.fake_servers.sessions import (
    BODY,
    PATIENCE_S,
    Run,
    ask,
    connected,
    on_both_networks,
    on_exchange,
    session_with,
    until,
)

HEAD = b"POST /license HTTP/1.1\r\nHost: x\r\n"


@on_both_networks
@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"hello\r\n\r\n", 400),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 9 + b"\r\n\r\n", 400),  # a client that begins TLS
        (b"POST /license HTTP/9.9\r\n\r\n", 400),
        (HEAD + b"Content-Length: -1\r\n\r\n", 400),
        (HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (HEAD + b"X: " + b"y" * 9000 + b"\r\n\r\n", 400),
        (HEAD + b"X: y\r\n" * 200 + b"\r\n", 400),
        (b"GET /" + b"z" * 9000 + b" HTTP/1.1\r\n\r\n", 400),
        (HEAD + b"no colon\r\n\r\n", 400),
        (HEAD + b"Content-Length: 1\r\n\r\n{", 400),
        (HEAD + b"Content-Length: 2\r\n\r\n{}", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n\r\n", 400),
        (HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnope", 400),
        (b"PUT /license HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"HEAD /license HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"BREW /license HTTP/1.1\r\nHost: x\r\n\r\n", 400),
        (b"OPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET http://other.example/license HTTP/1.1\r\nHost: x\r\n\r\n", 405),
        (b"CONNECT other.example:443 HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /%00%ff/../%2e HTTP/1.1\r\nHost: x\r\n\r\n", 404),
        (b"GET /license HTTP/1.1\r\n\r\n", 400),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_reason_and_journaled(run: Run[None], sent: bytes, status: int) -> None:
    async def main() -> None:
        async with session_with() as (session, journal):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.writer.write(sent)
                reply = await peer.reply() if status != 405 or b"HEAD" not in sent else None
            assert reply is None or reply.status == status
            await until(lambda: session.open_connections == 0)
            assert (await ask(url)).status == 200
        asked = journal.of(RequestReceived)[0]
        assert asked.problem
        assert journal.of(ReplySent)[0].status == status
        assert journal.of(ReplySent)[0].answer == "malformed"

    run(main)


@on_both_networks
def test_a_body_beyond_the_limit_is_answered_413_and_not_kept(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(limits=Limits(body_bytes=10_000)) as (session, journal):
            url = session.endpoints["license"]
            fits, too_large = await ask(url, b"x" * 10_000), await ask(url, b"x" * 10_001)
        assert (fits.status, too_large.status) == (400, 413)
        assert too_large.headers["connection"] == "close"
        assert "10000 bytes" in (journal.of(RequestReceived)[1].problem or "")

    run(main)


@on_both_networks
def test_a_malformed_request_meets_the_faults_of_its_turn(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with(on_exchange("reset_after", after_bytes="12 bytes")) as (session, _):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                peer.ask(url, b"{")
                heard = await peer.rest()
        assert (heard.data, heard.ending) == (b"HTTP/1.1 400", "reset")

    run(main)


@on_both_networks
def test_a_client_that_leaves_in_the_middle_of_its_request_has_asked_nothing(run: Run[None]) -> None:
    async def main() -> None:
        async with session_with() as (session, journal):
            async with connected(session.endpoints["license"]) as peer:
                peer.writer.write(HEAD + b"Content-Length: 100\r\n\r\nhalf")
                await until(lambda: session.open_connections == 1)
                await asyncio.sleep(0.05)
            await until(lambda: session.open_connections == 0)
        assert journal.kinds == ["connection_opened", "connection_closed"]
        assert journal.of(ConnectionClosed)[0].by == "client"

    run(main)


@on_both_networks
def test_a_client_that_asks_before_it_sends_the_body_is_told_to_go_on(run: Run[None]) -> None:
    async def main() -> None:
        rule = on_exchange("reset_after", after_bytes="15 bytes")
        async with session_with(rule) as (session, _), connected(session.endpoints["license"]) as peer:
            peer.writer.write(HEAD + f"Content-Length: {len(BODY)}\r\nExpect: 100-continue\r\n\r\n".encode())
            async with asyncio.timeout(PATIENCE_S):
                assert await peer.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            peer.writer.write(BODY)
            heard = await peer.rest()
        assert heard.data == b"HTTP/1.1 200 OK", "the fault counts bytes of the reply alone"

    run(main)


def test_a_client_that_sends_in_single_bytes_is_understood() -> None:
    async def main() -> None:
        async with session_with() as (session, _):
            url = session.endpoints["license"]
            async with connected(url) as peer:
                for byte in HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY:
                    peer.writer.write(bytes([byte]))
                    await peer.writer.drain()
                assert (await peer.reply()).status == 200

    asyncio.run(main())


def mangled(rng: Random) -> bytes:
    """An honest request with a few bytes cut, doubled or replaced."""
    data = bytearray(HEAD + f"Content-Length: {len(BODY)}\r\n\r\n".encode() + BODY)
    for _ in range(rng.randint(1, 6)):
        at, size = rng.randrange(len(data)), rng.randint(1, 12)
        piece = rng.choice([b"", bytes(data[at : at + size]) * 2, rng.randbytes(size), b"\r\n", b"\0"])
        data[at : at + size] = piece
        if not data:
            break
    return bytes(data)


@on_both_networks
def test_three_hundred_mangled_requests_crash_nothing(run: Run[None], caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> None:
        rng = Random(20_261_124)
        async with session_with() as (session, journal):
            url = session.endpoints["license"]
            for _ in range(300):
                async with connected(url) as peer:
                    peer.writer.write(mangled(rng))
                    if rng.random() < 0.5:
                        peer.writer.write_eof()
                    await asyncio.sleep(0)
            await until(lambda: session.open_connections == 0)
            assert (await ask(url)).status == 200
        assert not [event for event in journal.of(ReplySent) if (event.status or 0) >= 500]

    with caplog.at_level(logging.WARNING):
        run(main)
    assert caplog.records == []

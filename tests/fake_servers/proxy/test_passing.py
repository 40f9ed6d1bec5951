"""What passes undisturbed: byte by byte the same on both sides, however it is cut, coded and framed."""

from __future__ import annotations

import asyncio
import gzip
from collections.abc import Sequence
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_servers.journal import ReplySent, RequestReceived, UpstreamAnswered
from tests.fake_servers.proofs.probe import Received, connect, receive, request
from tests.fake_servers.proxy.proxied import OK, Call, Speaks, address, proxied, upstream
from tests.fake_servers.sessions import PATIENCE_S, Heard, Peer, ask, connected, until

TOKEN = st.text("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_", min_size=1, max_size=16)
VALUE = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), max_size=40)
FIELDS = st.lists(st.tuples(TOKEN.map(lambda name: f"X-{name}"), VALUE), max_size=8)
BODY = st.binary(max_size=3000)
CUTS = st.lists(st.integers(0, 3000), max_size=6)
TARGET = st.text("abcXYZ019-._~!$&'()*+,;=:@%2F/", max_size=30).map(lambda text: "/" + text.replace("%", "%25"))
QUERY = st.one_of(st.just(""), st.text("abc=&+%25/?", max_size=20).map(lambda text: "?" + text.replace("%", "%25")))

HEAVY = settings(max_examples=60, deadline=None)


def pieces(data: bytes, cuts: Sequence[int]) -> list[bytes]:
    edges = [0, *sorted(cut for cut in cuts if cut < len(data)), len(data)]
    return [data[start:end] for start, end in pairwise(edges) if start < end]


def chunked(data: bytes, cuts: list[int]) -> bytes:
    return b"".join(b"%X;x=y\r\n%s\r\n" % (len(piece), piece) for piece in pieces(data, cuts)) + b"0\r\nX-Trailer: t\r\n\r\n"


def unchunked(data: bytes) -> bytes:
    content = b""
    while data:
        size, _, data = data.partition(b"\r\n")
        length = int(size.split(b";")[0], 16)
        content, data = content + data[:length], data[length + 2 :]
    return content


def lines(fields: list[tuple[str, str]]) -> bytes:
    return "".join(f"{name}: {value}\r\n" for name, value in fields).encode()


async def talk(url: str, data: bytes, cuts: Sequence[int] = ()) -> Heard:
    async with connected(url) as peer:
        for piece in pieces(data, cuts):
            peer.writer.write(piece)
            await peer.writer.drain()
            await asyncio.sleep(0)
        return await peer.rest()


@HEAVY
@given(TARGET, QUERY, FIELDS, BODY, CUTS, st.booleans())
def test_a_request_arrives_as_it_was_sent(
    target: str, query: str, fields: list[tuple[str, str]], body: bytes, cuts: list[int], in_chunks: bool
) -> None:
    coding = "Transfer-Encoding: chunked" if in_chunks else f"Content-Length: {len(body)}"
    head = f"POST {target}{query} HTTP/1.1\r\nhOsT: a.example\r\n".encode() + lines(fields)
    data = head + f"{coding}\r\nConnection: close\r\n\r\n".encode() + (chunked(body, cuts) if in_chunks else body)

    async def main() -> None:
        async with upstream() as behind, proxied(behind.url) as (session, _):
            heard = await talk(address(session), data, cuts)
            assert heard.status == 200
            (call,) = behind.calls
            assert call.head.split(b"\r\n")[0] == f"POST {target}{query} HTTP/1.1".encode()
            name, _, value = coding.partition(": ")
            assert call.fields == [("hOsT", behind.url[7:]), *fields, (name, value), ("Via", "1.1 drm-harness")]
            assert (unchunked(call.body) if in_chunks else call.body) == body

    asyncio.run(main())


@HEAVY
@given(
    st.integers(200, 599).filter(lambda n: n not in (204, 304)),
    FIELDS,
    BODY,
    CUTS,
    st.sampled_from(["length", "chunks", "close"]),
)
def test_a_reply_arrives_as_it_was_sent(
    status: int, fields: list[tuple[str, str]], body: bytes, cuts: list[int], framing: str
) -> None:
    coding = {
        "length": [("content-length", str(len(body)))],
        "chunks": [("transfer-Encoding", "chunked")],
        "close": [],
    }[framing]
    framed = chunked(body, cuts) if framing == "chunks" else body
    said = f"HTTP/1.1 {status} Word of its own\r\n".encode() + lines([*fields, *coding, ("Keep-Alive", "timeout=5")]) + b"\r\n"

    async def speaks(call: Call) -> None:
        await call.hear()
        for piece in pieces(said + framed, cuts):
            await call.say(piece)
            await asyncio.sleep(0)

    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url) as (session, journal):
            heard = await ask(address(session) + "/license", b"x")
            head = f"HTTP/1.1 {status} Word of its own\r\n".encode() + lines([*fields, *coding, ("Connection", "close")])
            assert heard.data == head + b"\r\n" + framed
            await until(lambda: bool(journal.of(ReplySent)))
            (told,) = journal.of(UpstreamAnswered)
            (sent,) = journal.of(ReplySent)
            assert (told.status, told.body_bytes, told.problem) == (status, len(body), None)
            assert (sent.status, sent.body_bytes, sent.complete, sent.answer) == (status, len(body), True, "http")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("method", "reply"),
    [
        ("HEAD", b"HTTP/1.1 200 OK\r\nContent-Length: 1234\r\n\r\n"),
        ("POST", b"HTTP/1.1 204 No Content\r\nX-A: b\r\n\r\n"),
        ("GET", b"HTTP/1.1 304 Not Modified\r\nContent-Length: 77\r\nETag: e\r\n\r\n"),
        ("GET", b"HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n"),
    ],
)
def test_a_reply_without_a_body_ends_with_its_head_and_the_connection_lives_on(method: str, reply: bytes) -> None:
    async def main() -> None:
        async with upstream(reply) as behind, proxied(behind.url) as (session, journal), connected(address(session)) as peer:
            for _ in range(2):
                peer.ask(address(session) + "/x", b"", method=method)
                async with asyncio.timeout(PATIENCE_S):
                    head = await peer.reader.readuntil(b"\r\n\r\n")
                assert head == reply[:-2] + b"Connection: keep-alive\r\n\r\n"
            assert len(behind.calls) == 2, "each request has a connection of its own to the upstream"
        assert [sent.connection for sent in journal.of(ReplySent)] == [1, 1]

    asyncio.run(main())


@pytest.mark.parametrize("coding", ["gzip", "br", "nonsense"])
def test_content_coding_is_left_alone_both_ways(coding: str) -> None:
    body = gzip.compress(b"license " * 50) if coding == "gzip" else b"\xff\x00 no such coding"
    reply = b"HTTP/1.1 200 OK\r\nContent-Encoding: %s\r\nContent-Length: %d\r\n\r\n%s" % (coding.encode(), len(body), body)

    async def main() -> None:
        async with upstream(reply) as behind, proxied(behind.url) as (session, _):
            heard = await ask(address(session), body, Content_Encoding=coding, Accept_Encoding=coding)
            assert heard.body == body
            assert behind.calls[0].body == body
            assert ("Accept-Encoding", coding) in behind.calls[0].fields

    asyncio.run(main())


def test_headers_of_one_connection_end_there() -> None:
    own = [
        "TE: trailers",
        "Keep-Alive: timeout=9",
        "Proxy-Connection: x",
        "Upgrade: h9",
        "X-Mine: 1",
        "Connection: close, X-Mine",
    ]
    request = b"GET / HTTP/1.1\r\nHost: a\r\n" + "".join(f"{line}\r\n" for line in own).encode() + b"X-Kept: 2\r\n\r\n"
    reply = b"HTTP/1.1 200 OK\r\nConnection: X-Theirs\r\nX-Theirs: 1\r\nUpgrade: h9\r\nX-Kept: 3\r\nContent-Length: 0\r\n\r\n"

    async def main() -> None:
        async with upstream(reply) as behind, proxied(behind.url) as (session, _):
            heard = await talk(address(session), request)
            assert [name for name, _ in behind.calls[0].fields] == ["Host", "X-Kept", "Via"]
            assert heard.data == b"HTTP/1.1 200 OK\r\nX-Kept: 3\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"

    asyncio.run(main())


def test_a_client_that_waits_for_100_gets_it_from_the_upstream() -> None:
    async def speaks(call: Call) -> None:
        await call.hear_head()
        assert b"Expect: 100-continue\r\n" in call.head
        await call.say(b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n")
        call.body = await call.reader.readexactly(5)
        await call.say(OK)

    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url) as (session, _), connected(address(session)) as peer:
            peer.writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
            async with asyncio.timeout(PATIENCE_S):
                assert await peer.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n"
                assert await peer.reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
            peer.writer.write(b"hello")
            assert (await peer.reply()).body == OK[-5:]
            assert behind.calls[0].body == b"hello"

    asyncio.run(main())


def test_an_upstream_that_refuses_before_the_body_is_heard_at_once() -> None:
    async def speaks(call: Call) -> None:
        await call.hear_head()
        await call.say(b"HTTP/1.1 417 No\r\nContent-Length: 2\r\n\r\nno")
        await call.reader.read()

    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url) as (session, journal):
            async with connected(address(session)) as peer:
                peer.writer.write(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
                heard = await peer.reply()
            assert heard.data == b"HTTP/1.1 417 No\r\nContent-Length: 2\r\nConnection: close\r\n\r\nno"
            assert journal.of(RequestReceived)[0].body_bytes == 0

    asyncio.run(main())


def test_a_client_of_http_1_0_gets_no_chunks() -> None:
    body = b"license"
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n" + chunked(body, [2, 5])

    async def main() -> None:
        async with upstream(reply) as behind, proxied(behind.url) as (session, _):
            heard = await talk(address(session), b"GET / HTTP/1.0\r\n\r\n")
            assert heard.data == b"HTTP/1.1 200 OK\r\nX-A: b\r\nConnection: close\r\n\r\n" + body
            assert behind.calls[0].fields == [("Host", behind.url[7:]), ("Via", "1.1 drm-harness")]

    asyncio.run(main())


PIECE = Random(1).randbytes(10_000)


def saying(pieces: int, in_chunks: bool, said: list[bytes]) -> Speaks:
    """An upstream with a long reply; ``said`` grows as it gets rid of it."""

    async def speaks(call: Call) -> None:
        await call.hear()
        length = b"Transfer-Encoding: chunked" if in_chunks else b"Content-Length: %d" % (pieces * len(PIECE))
        await call.say(b"HTTP/1.1 200 OK\r\n%s\r\n\r\n" % length)
        for _ in range(pieces):
            await call.say(b"%x\r\n%s\r\n" % (len(PIECE), PIECE) if in_chunks else PIECE)
            said.append(PIECE)
        if in_chunks:
            await call.say(b"0\r\n\r\n")

    return speaks


@pytest.mark.parametrize("in_chunks", [False, True])
def test_three_megabytes_pass_at_a_slow_readers_pace(in_chunks: bool) -> None:
    async def main() -> None:
        async with upstream(saying(300, in_chunks, [])) as behind, proxied(behind.url) as (session, _):
            heard = await asyncio.to_thread(slow_reader, address(session))
            assert (unchunked(heard.body) if in_chunks else heard.body) == PIECE * 300

    asyncio.run(main())


def slow_reader(url: str) -> Received:
    with connect(url, receive_buffer=16_384) as sock:
        sock.sendall(request(url, b"x"))
        return receive(sock, pause_s=0.0005)


def test_a_long_reply_is_never_held_whole() -> None:
    said: list[bytes] = []

    async def main() -> None:
        async with (
            upstream(saying(4000, False, said)) as behind,
            proxied(behind.url) as (session, _),
            connected(address(session)) as peer,
        ):
            peer.ask(address(session), b"x", Connection="close")
            held = -1
            while held != len(said):  # until nothing moves any more
                held = len(said)
                await asyncio.sleep(0.1)
            assert 0 < len(said) < 4000, "the upstream is held up by the client, however many megabytes the kernels take"
            assert len((await peer.rest()).body) == 4000 * len(PIECE)

    asyncio.run(main())


def test_three_megabytes_of_a_request_pass_at_the_upstreams_pace() -> None:
    body = Random(2).randbytes(3_000_000)

    async def speaks(call: Call) -> None:
        await call.hear_head()
        while len(call.body) < len(body):
            call.body += await call.reader.read(20_000)
        await call.say(OK)

    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url) as (session, journal):
            heard = await ask(address(session), body)
            assert heard.body == OK[-5:]
            assert behind.calls[0].body == body
            assert journal.of(RequestReceived)[0].body_bytes == len(body)

    asyncio.run(main())


def test_pipelined_requests_are_answered_in_their_order() -> None:
    async def speaks(call: Call) -> None:
        await call.hear()
        await call.say(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n" + call.body)

    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url) as (session, _), connected(address(session)) as peer:
            for body in (b"1", b"2", b"3"):
                peer.ask(address(session), body)
            assert [(await peer.reply()).body for _ in range(3)] == [b"1", b"2", b"3"]

    asyncio.run(main())


def test_an_upstream_sees_a_client_that_leaves_leave() -> None:
    async def main() -> None:
        ended = asyncio.Event()

        async def speaks(call: Call) -> None:
            await call.hear()
            try:
                await call.reader.read()
            finally:
                ended.set()

        async with upstream(speaks) as behind, proxied(behind.url) as (session, journal):
            peer = Peer(*await asyncio.open_connection("127.0.0.1", session.ports["license"]))
            peer.ask(address(session))
            await until(lambda: bool(journal.of(RequestReceived)))
            await peer.close()
            async with asyncio.timeout(PATIENCE_S):
                await ended.wait()
            (sent,) = journal.of(ReplySent)
            assert (sent.status, sent.sent_bytes, sent.complete) == (None, 0, False)
            assert journal.kinds[-1] == "connection_closed"

    asyncio.run(main())

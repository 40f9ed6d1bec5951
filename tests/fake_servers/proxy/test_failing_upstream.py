"""An upstream that is down, not to be trusted, silent, or not HTTP: client and log are told that it was the upstream."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from pathlib import Path

import pytest

from fake_servers.engine.certificates import CA_FILE, FOLDER
from fake_servers.errors import UpstreamError
from fake_servers.journal import FaultFired, ReplySent, UpstreamAnswered
from fake_servers.proxy.upstream import Upstream
from tests.fake_servers.proxy.proxied import OK, Call, Speaks, address, proxied, upstream
from tests.fake_servers.sessions import Heard, Journal, ask, on_exchange, until


def told(journal: Journal) -> str | None:
    """The upstream's failure, as the log has it; the log holds no fault."""
    assert not journal.of(FaultFired)
    (answered,) = journal.of(UpstreamAnswered)
    return answered.problem


def assert_is_problem(heard: Heard, status: int, why: str) -> None:
    assert heard.status == status
    assert heard.headers["content-type"] == "application/problem+json"
    assert heard.headers["access-control-allow-origin"] == "*"
    said = json.loads(heard.body)
    assert said["status"] == status
    assert f"failed: {why}" in said["detail"]
    assert "no fault of the scenario" in said["detail"]


def test_an_upstream_that_is_down_is_a_502_that_says_so() -> None:
    async def main() -> None:
        with socket.socket() as sock:
            sock.bind(("127.0.0.1", 0))  # bound, and nobody listens
            url = f"http://127.0.0.1:{sock.getsockname()[1]}/wv?token=s3cret"
            async with proxied(url) as (session, journal):
                heard = await ask(address(session), b"x" * 100_000)
                assert_is_problem(heard, 502, "it refused the connection")
                assert "s3cret" not in heard.data.decode()
                assert told(journal) == "it refused the connection"
                assert [(sent.status, sent.answer) for sent in journal.of(ReplySent)] == [(502, "http")]

    asyncio.run(main())


def answers(data: bytes, then: str = "") -> Speaks:
    async def speaks(call: Call) -> None:
        await call.hear()
        await call.say(data)
        if then == "reset":
            call.reset()
        elif then == "silence":
            await call.reader.read()

    return speaks


@pytest.mark.parametrize(
    ("speaks", "status", "why"),
    [
        (answers(b""), 502, "it closed the connection without a reply"),
        (answers(b"HTTP/1.1 200 OK\r\nContent-Le"), 502, "it closed the connection within the head of its reply"),
        (answers(b"", "reset"), 502, "it reset the connection"),
        (answers(b"SSH-2.0-hello\r\n\r\n"), 502, "it answered no HTTP/1: its first line is no status line of HTTP/1"),
        (answers(b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n"), 502, "it answered no HTTP/1: line 2 of its head is no header"),
        (answers(b"HTTP/1.1 200 OK\r\nContent-Length: x\r\n\r\n"), 502, "it answered no HTTP/1: its Content-Length"),
        (answers(b"HTTP/1.1 101 Switching Protocols\r\n\r\n"), 502, "it answered no HTTP/1: it changes to another protocol"),
        (answers(b"HTTP/1.1 200 OK\r\nX: " + b"x" * 150_000), 502, "the head of its reply has more than 65536 bytes"),
        (answers(b"", "silence"), 504, "it did not answer in time"),
    ],
)
def test_an_upstream_without_a_reply_is_a_problem_that_says_why(speaks: Speaks, status: int, why: str) -> None:
    async def main() -> None:
        async with upstream(speaks) as behind, proxied(behind.url, silence_s=0.2) as (session, journal):
            assert_is_problem(await ask(address(session)), status, why)
            assert (told(journal) or "").startswith(why)
            assert len(behind.calls) == 1, "a proxy asks once: to ask again is the client's business"

    asyncio.run(main())


@pytest.mark.parametrize(("then", "ending"), [("", "fin"), ("reset", "reset")])
@pytest.mark.parametrize("framing", [b"Content-Length: 10", b"Transfer-Encoding: chunked"])
def test_what_breaks_off_there_breaks_off_here_in_the_same_way(then: str, ending: str, framing: bytes) -> None:
    body = b"abc" if framing.startswith(b"C") else b"3\r\nabc\r\n"

    async def main() -> None:
        arrived = asyncio.Event()

        async def speaks(call: Call) -> None:
            await call.hear()
            await call.say(b"HTTP/1.1 200 OK\r\n" + framing + b"\r\n\r\n" + body)
            await arrived.wait()
            if then == "reset":
                call.reset()

        async with upstream(speaks) as behind, proxied(behind.url) as (session, journal):
            asking = asyncio.create_task(ask(address(session)))
            await until(lambda: "request_received" in journal.kinds)
            arrived.set()
            heard = await asking
            assert heard.ending == ending
            assert heard.data == b"HTTP/1.1 200 OK\r\n" + framing + b"\r\nConnection: " + heard.data.split(b"Connection: ")[1]
            assert heard.body == body
            assert "after 3 bytes" in (told(journal) or "")
            (sent,) = journal.of(ReplySent)
            assert (sent.status, sent.complete) == (200, False)

    asyncio.run(main())


def test_a_broken_chunk_within_a_reply_ends_it_there() -> None:
    reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nnonsense\r\n"

    async def main() -> None:
        async with upstream(reply) as behind, proxied(behind.url) as (session, journal):
            await ask(address(session))
            assert "a chunk of its body begins without a size" in (told(journal) or "")
            assert not journal.of(ReplySent)[0].complete

    asyncio.run(main())


def test_faults_meet_the_proxys_own_words_too() -> None:
    async def main() -> None:
        async with proxied("http://127.0.0.1:1", on_exchange("reset_after", after_bytes="20 bytes")) as (session, journal):
            heard = await ask(address(session))
            assert (heard.data, heard.ending) == (b"HTTP/1.1 502 Bad Gateway"[:20], "reset")
            assert [fired.name for fired in journal.of(FaultFired)] == ["reset_after"]

    asyncio.run(main())


@pytest.mark.parametrize("is_trusted", [True, False])
def test_the_upstreams_certificate_is_verified(is_trusted: bool) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        call = Call(reader, writer)
        await call.hear()
        await call.say(OK)
        writer.close()

    async def main() -> None:
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(FOLDER / "good.pem")
        server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
        url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        try:
            async with proxied(url, ca_file=CA_FILE if is_trusted else None) as (session, journal):
                heard = await ask(address(session))
                if is_trusted:
                    assert heard.body == OK[-5:]
                    assert told(journal) is None
                else:
                    assert_is_problem(heard, 502, "its certificate cannot be trusted: ")
        finally:
            server.close()

    asyncio.run(main())


@pytest.mark.parametrize(
    ("url", "asked", "target"),
    [
        ("http://h", "/", "/"),
        ("http://h", "/a?b=c", "/a?b=c"),
        ("http://h/", "/a", "/a"),
        ("http://h/lic/wv", "/", "/lic/wv"),
        ("http://h/lic/wv", "/?q", "/lic/wv?q"),
        ("http://h/lic/wv/", "/", "/lic/wv/"),
        ("http://h/lic", "/a//b/../c%2F", "/lic/a//b/../c%2F"),
        ("http://h/lic?specConform=true", "/", "/lic?specConform=true"),
        ("http://h/lic?a=1", "/x?b=2", "/lic/x?a=1&b=2"),
        ("http://h", "/a?", "/a?"),
        ("http://h", "*", "*"),
    ],
)
def test_what_is_asked_of_an_upstream_begins_with_its_own_address(url: str, asked: str, target: str) -> None:
    assert Upstream.at(url).target(asked) == target


@pytest.mark.parametrize(
    ("url", "sentence"),
    [
        ("ftp://h/", "an upstream is given as http://"),
        ("h:80", "an upstream is given as http://"),
        ("http://", "an upstream is given as http://"),
        ("http://h:99999/", "an upstream is given as http://"),
        ("http://h/a b", "an upstream is given as http://"),
        ("http://user:s3cret@h/", "holds no user name"),
        ("http://h/#top", "holds no user name and no fragment"),
    ],
)
def test_a_wrong_address_is_refused_with_words_that_quote_no_password(url: str, sentence: str) -> None:
    with pytest.raises(UpstreamError, match=sentence) as caught:
        Upstream.at(url)
    assert "s3cret" not in str(caught.value)


def test_a_file_without_certificates_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.pem").write_text("nothing")
    for ca_file, sentence in ((tmp_path / "empty.pem", "holds no certificate"), (tmp_path / "none.pem", "no such file")):
        with pytest.raises(UpstreamError, match=sentence):
            Upstream.at("https://h", ca_file=ca_file)
    with pytest.raises(UpstreamError, match="without https"):
        Upstream.at("http://h", ca_file=CA_FILE)

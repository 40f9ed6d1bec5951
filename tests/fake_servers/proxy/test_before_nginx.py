"""A proxy before a server that is none of ours: what nginx says arrives as it said it, and what it is given as it was sent."""

from __future__ import annotations

import asyncio
import gzip
from random import Random

import pytest

from fake_servers.engine.certificates import CA_FILE
from fake_servers.journal import UpstreamAnswered
from tests.fake_servers.proxy.conftest import Nginx
from tests.fake_servers.proxy.proxied import address, proxied
from tests.fake_servers.proxy.test_passing import chunked, talk, unchunked
from tests.fake_servers.sessions import Heard, ask, on_exchange


def essence(heard: Heard) -> tuple[int, dict[str, str], bytes]:
    """A reply without its date, and without what belongs to one connection."""
    own = {name: value for name, value in heard.headers.items() if name not in ("date", "connection")}
    return heard.status, own, heard.body


@pytest.mark.parametrize(
    ("method", "path", "headers"),
    [
        ("GET", "/files/license.bin", {}),
        ("POST", "/files/license.bin", {}),
        ("HEAD", "/files/license.bin", {}),
        ("GET", "/files/license.bin", {"Range": "bytes=1000-1999"}),
        ("GET", "/files/license.bin", {"Range": "bytes=0-9,50-59"}),
        ("GET", "/files/license.bin", {"If_None_Match": "*"}),
        ("GET", "/files/certificate.txt", {}),
        ("GET", "/files/certificate.txt", {"Accept_Encoding": "gzip"}),
        ("GET", "/nothing?token=1", {}),
        ("OPTIONS", "/files/license.bin", {}),
    ],
)
def test_a_reply_is_the_same_with_and_without_the_proxy(nginx: Nginx, method: str, path: str, headers: dict[str, str]) -> None:
    async def main() -> None:
        async with proxied(nginx.url) as (session, _):
            direct = await ask(nginx.url + path, b"", method=method, **headers)
            through = await ask(address(session, path), b"", method=method, **headers)
            if "boundary=" in direct.headers.get("content-type", ""):  # nginx numbers its boundaries
                assert (through.status, len(through.body)) == (direct.status, len(direct.body))
            else:
                assert essence(through) == essence(direct)
            if "Accept_Encoding" in headers:
                assert through.headers["transfer-encoding"] == "chunked"
                assert gzip.decompress(unchunked(through.body)) == b"a certificate, in text " * 400

    asyncio.run(main())


@pytest.mark.parametrize("in_chunks", [False, True])
@pytest.mark.parametrize("size", [0, 1, 70_000, 3_000_000])
def test_a_body_arrives_as_it_was_sent(nginx: Nginx, in_chunks: bool, size: int) -> None:
    body = Random(size).randbytes(size)
    coding = b"Transfer-Encoding: chunked" if in_chunks else b"Content-Length: %d" % size
    framed = chunked(body, [1, size // 3, size // 2]) if in_chunks else body

    async def main() -> None:
        async with proxied(nginx.url) as (session, _):
            heard = await talk(
                address(session), b"PUT /kept/a HTTP/1.1\r\nHost: a\r\nConnection: close\r\n%s\r\n\r\n%s" % (coding, framed)
            )
            assert heard.status == 201
            assert nginx.kept("a") == body

    asyncio.run(main())


def test_a_body_that_nginx_refuses_by_its_length_is_answered_at_once(nginx: Nginx) -> None:
    async def main() -> None:
        async with proxied(nginx.url) as (session, journal):
            heard = await talk(
                address(session),
                b"PUT /small/a HTTP/1.1\r\nHost: a\r\nContent-Length: 5000\r\nConnection: close\r\n\r\n",  # and no body
            )
            assert heard.status == 413
            assert [answered.status for answered in journal.of(UpstreamAnswered)] == [413]

    asyncio.run(main())


@pytest.mark.parametrize("is_trusted", [True, False])
def test_nginx_over_tls_is_verified(nginx: Nginx, is_trusted: bool) -> None:
    async def main() -> None:
        async with proxied(nginx.tls_url, ca_file=CA_FILE if is_trusted else None) as (session, _):
            heard = await ask(address(session, "/files/license.bin"), b"", method="GET")
            if is_trusted:
                assert heard.body == (nginx.folder / "files/license.bin").read_bytes()
            else:
                assert heard.status == 502
                assert b"its certificate cannot be trusted" in heard.body

    asyncio.run(main())


@pytest.mark.parametrize("after", [0, 1, 200, 70_000, 2_999_999])
def test_a_cut_comes_after_exactly_so_many_bytes_of_its_reply(nginx: Nginx, after: int) -> None:
    async def main() -> None:
        rule = on_exchange("reset_after", after_bytes=f"{after} bytes")
        async with proxied(nginx.url, rule) as (session, journal):
            cut = await ask(address(session, "/files/license.bin"))
            whole = await ask(address(session, "/files/license.bin"))
            assert (len(cut.data), cut.ending) == (after, "reset")
            same = min(after, cut.data.find(b"Date:") if b"Date:" in cut.data else after)
            assert whole.data.startswith(cut.data[:same])
            assert whole.body == (nginx.folder / "files/license.bin").read_bytes()
            assert journal.of(UpstreamAnswered)[0].body_bytes == 3_000_000, "the upstream was heard out"

    asyncio.run(main())


def test_nginx_that_goes_away_is_told_from_a_fault(nginx: Nginx) -> None:
    async def main() -> None:
        async with proxied(nginx.url) as (session, journal):
            assert (await ask(address(session, "/files/certificate.txt"), b"", method="GET")).status == 200
            nginx.process.terminate()
            nginx.process.wait(30)
            assert (await ask(address(session, "/files/certificate.txt"), b"", method="GET")).status == 502
            assert [answered.problem for answered in journal.of(UpstreamAnswered)] == [None, "it refused the connection"]

    asyncio.run(main())

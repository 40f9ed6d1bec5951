"""Where an upstream's reply ends, however it is cut; and which requests count as which exchange."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fake_servers.errors import ScriptError
from fake_servers.journal import RequestReceived
from fake_servers.proxy.reply_reading import Chunked, NotHttp, body_of, head_of
from fake_servers.proxy.routes import Route, exchange_of
from fake_servers.services.decision import Exchange
from tests.fake_servers.proxy.proxied import OK, address, proxied, upstream
from tests.fake_servers.proxy.test_passing import chunked, pieces
from tests.fake_servers.sessions import ask, on_exchange, on_service


@given(st.binary(max_size=300), st.lists(st.integers(0, 400), max_size=5), st.lists(st.integers(0, 500), max_size=8))
def test_a_chunked_body_ends_where_it_ends_however_it_comes(content: bytes, chunks: list[int], cuts: list[int]) -> None:
    data = chunked(content, chunks)
    body, found, taken = Chunked(), b"", 0
    for piece in pieces(data + b"HTTP/1.1 200 another reply", cuts):
        some, inside = body.feed(piece)
        taken, found = taken + some, found + inside
        if body.is_complete:
            break
    assert (found, taken, body.is_complete, body.ends()) == (content, len(data), True, True)


@pytest.mark.parametrize("data", [b"x\r\n", b"\r\n", b"3\r\nabcd\r\n", b"1" * 20 + b"\r\n", b"1;" + b"x" * 5000])
def test_what_is_not_chunked_is_told(data: bytes) -> None:
    with pytest.raises(NotHttp):
        Chunked().feed(data)


@pytest.mark.parametrize(
    ("head", "method", "length"),
    [
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7", "POST", 7),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 7", "POST", 7),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7", "HEAD", 0),
        (b"HTTP/1.0 304", "GET", 0),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nTransfer-Encoding: gzip, chunked", "POST", None),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip", "POST", None),
        (b"HTTP/1.1 200 OK", "POST", None),
    ],
)
def test_a_head_tells_how_its_body_ends(head: bytes, method: str, length: int | None) -> None:
    assert body_of(head_of(head + b"\r\n\r\n"), method).length == length


def test_a_folded_header_is_unfolded() -> None:
    assert head_of(b"HTTP/1.1 200 OK\r\nA: b\r\n\t c\r\n\r\n").headers == ((b"A", b"b c"),)


def test_two_lengths_that_differ_are_none() -> None:
    with pytest.raises(NotHttp):
        body_of(head_of(b"HTTP/1.1 200 OK\r\nContent-Length: 7\r\nContent-Length: 8\r\n\r\n"), "POST")


@pytest.mark.parametrize(
    ("text", "route"),
    [
        ("license=/wv/*", Route(Exchange.LICENSE, ("POST",), "/wv/*")),
        ("license=GET,post /x", Route(Exchange.LICENSE, ("GET", "POST"), "/x")),
        ("individualization=*", Route(Exchange.INDIVIDUALIZATION, ("POST",), "*")),
    ],
)
def test_a_route_is_written_in_words(text: str, route: Route) -> None:
    assert Route.parse(text) == route


@pytest.mark.parametrize(
    "text", ["license", "license=", "license=x", "licence=/x", "license=GET /x extra /y".replace(" ", "\n")]
)
def test_a_route_that_says_nothing_is_refused(text: str) -> None:
    with pytest.raises(ScriptError):
        Route.parse(text)


def test_the_first_route_that_takes_a_request_names_it() -> None:
    routes = [Route.parse("individualization=/prov*"), Route.parse("license=*")]
    asked = [("POST", "/provision"), ("POST", "/license"), ("GET", "/license")]
    assert [exchange_of(routes, *one) for one in asked] == [Exchange.INDIVIDUALIZATION, Exchange.LICENSE, None]


def test_only_licenses_are_counted_as_licenses() -> None:
    async def main() -> None:
        async with upstream(OK) as behind, proxied(behind.url, on_exchange("status", status=503)) as (session, journal):
            url = address(session)
            certificate = await ask(url, b"\x08\x04")
            preflight = await ask(url, b"", method="OPTIONS", Access_Control_Request_Method="POST")
            other = await ask(url, b"", method="GET")
            assert [heard.status for heard in (certificate, preflight, other)] == [200, 200, 200]
            assert [(await ask(url, body)).status for body in (b"\x08\x05", b"license")] == [503, 200]
            assert behind.calls[0].body == b"\x08\x04"
            assert [(asked.exchange, asked.nth) for asked in journal.of(RequestReceived)] == [
                ("unknown", 1),
                ("preflight", 1),
                ("unknown", 2),
                ("license", 1),
                ("license", 2),
            ]

    asyncio.run(main())


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (on_exchange("denied"), "'denied' is a decision of the license service"),
        (on_exchange("status", exchange="restore", status=500), "has no exchange 'restore', only license"),
        (on_service("refused", "backup", **{"from": "0 s", "for": "1 s"}), "at the port of the backup service"),
        (on_service("unknown_ca", connection=1), "acts in the TLS handshake"),
    ],
)
def test_a_script_that_has_no_reach_is_refused_with_words(rule: object, sentence: str) -> None:
    async def main() -> None:
        async with proxied("http://127.0.0.1:1", rule):  # type: ignore[arg-type]  # a rule; parametrize knows no types
            pytest.fail("it was opened")

    with pytest.raises(ScriptError, match=sentence):
        asyncio.run(main())

"""Whatever a client or an upstream sends as a secret: it passes, and it stands in no log and in no trace."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from fake_servers.journal import RequestReceived
from fake_servers.proxy.telling import HARMLESS, shown_headers, shown_path
from harness.report.live import live_line
from harness.runner.passing import Passing, unpromising
from harness.scenario.library import find
from harness.scenario.load import load_scenario
from harness.status.operation import Operation
from harness.trace.jsonl import line_of
from tests.fake_servers.proxy.proxied import OK, address, proxied, upstream
from tests.fake_servers.sessions import Journal, connected, on_exchange, until

SECRET = st.text("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", min_size=25, max_size=60)  # not to be met by chance
KNOWN = ["Authorization", "Proxy-Authorization", "Cookie", "X-AxDRM-Message", "x-dt-custom-data", "PreAuthorization", "Referer"]
NAME = st.one_of(st.sampled_from(KNOWN), st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=20).map(lambda n: f"q{n}"))


def everything_told(journal: Journal) -> str:
    return "\n".join([json.dumps(asdict(event)) + live_line(0.0, event).plain for event in journal.events])


def everything_traced(journal: Journal) -> str:
    async def trace() -> str:
        scenario = load_scenario(find(["license_acquisition/undisturbed"])[0])
        passing = Passing(scenario, "device", unpromising("device", Operation.LICENSE_ACQUISITION), 0)
        passing.begin()
        for event in journal.events:
            passing.hear(event)
        ended = passing.ended("stopped", 0)
        return "\n".join([line_of(ended.head), *map(line_of, ended.entries)])

    return asyncio.run(trace())


@settings(max_examples=60, deadline=None)
@given(NAME, SECRET, st.sampled_from(["header", "query", "path", "body", "reply header", "reply body", "broken"]))
@example("Authorization", "A" * 30, "broken")
def test_no_secret_stands_in_a_log_or_a_trace(name: str, secret: str, place: str) -> None:
    path = f"/license/{secret}" if place == "path" else "/license"
    query = f"?{secret}" if place == "query" else "?t=1"
    fields = [f"{name}: {secret}" if place == "header" else "X: y", f"no colon {secret}" if place == "broken" else "Z: z"]
    body = secret.encode() if place == "body" else b"x"
    request = f"POST {path}{query} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: {len(body)}\r\n"
    data = (request + "\r\n".join(fields) + "\r\n\r\n").encode() + body
    said = secret.encode() if place == "reply body" else b"hello"
    own = f"Set-Cookie: {secret}\r\nLocation: /?{secret}\r\n{name}: {secret}\r\n" if place == "reply header" else ""
    reply = f"HTTP/1.1 200 OK\r\n{own}Content-Length: {len(said)}\r\n\r\n".encode() + said

    async def main() -> Journal:
        async with upstream(reply) as behind, proxied(behind.url) as (session, journal), connected(address(session)) as peer:
            peer.writer.write(data)
            heard = await peer.rest()
            if place == "broken":
                assert heard.status == 400
            else:
                assert heard.status == 200
                assert secret in (behind.calls[0].head + behind.calls[0].body + heard.data).decode(), "it passed"
            await until(lambda: "connection_closed" in journal.kinds)
            return journal

    journal = asyncio.run(main())
    assert journal.of(RequestReceived)
    assert secret not in everything_told(journal)
    assert secret not in everything_traced(journal)


def test_a_redirect_of_a_fault_repeats_the_query_to_the_client_and_to_no_log() -> None:
    async def main() -> Journal:
        async with upstream(OK) as behind, proxied(behind.url, on_exchange("redirect_loop")) as (session, journal):
            async with connected(address(session)) as peer:
                peer.ask(address(session, "/?token=S3CRETS3CRETS3CRET"))
                assert "S3CRETS3CRETS3CRET" in (await peer.reply()).headers["location"]
            return journal

    assert "S3CRETS3CRETS3CRET" not in everything_told(asyncio.run(main()))


def test_harmless_values_are_told_and_all_others_measured() -> None:
    told = shown_headers(
        [(b"Content-Type", b"text/xml"), (b"X-Token", b"abc"), (b"User-Agent", b"TV\xff"), (b"Host", b"h" * 300)]
    )
    assert told == {
        "content-type": "text/xml",
        "x-token": "(3 bytes, not shown)",
        "user-agent": "(3 bytes, not shown)",  # who knows what that is
        "host": "h" * 200,
    }
    assert len(shown_headers([(b"x-%d" % number, b"") for number in range(100)])) == 32


@pytest.mark.parametrize(
    "name", ["authorization", "cookie", "set-cookie", "location", "referer", "origin", "etag", "x-api-key"]
)
def test_what_may_carry_a_secret_is_not_among_the_harmless(name: str) -> None:
    assert name not in HARMLESS


@pytest.mark.parametrize(
    ("target", "shown"),
    [
        ("/wv/license", "/wv/license"),
        ("/wv/license?token=x", "/wv/license?…"),
        ("/a/" + "k" * 25 + "/b", "/a/(25 characters, not shown)/b"),
        ("/a;session=1/b", "/a;session=1/b".replace("a;session=1", "(11 characters, not shown)")),
        ("/\udcff", "/(1 characters, not shown)"),
    ],
)
def test_a_path_is_told_without_what_may_be_a_token(target: str, shown: str) -> None:
    assert shown_path(target) == shown

"""Bad input costs nothing: it is answered with what to do, and the next call is as good as ever."""

from __future__ import annotations

import asyncio

import pytest

from fake_servers.control import calls, port
from tests.fake_servers.control.days import day_with
from tests.fake_servers.sessions import connected

TOKEN = "a-token-of-a-test"


@pytest.mark.parametrize(
    ("method", "path", "status", "kind"),
    [
        ("GET", "/", 404, "nothing-here"),
        ("GET", "/v1/sessions/", 404, "no-such-session"),
        ("GET", "/v1/sessions/%2e%2e%2fx", 404, "no-such-session"),
        ("GET", "/v1/sessions/default/log/x", 404, "nothing-here"),
        ("GET", "/v1/sessions/%ff%00", 404, "no-such-session"),
        ("TRACE", "/v1/sessions", 405, "wrong-method"),
        ("DELETE", "/v1/sessions/default/faults", 405, "wrong-method"),
        ("GET", "/v1/sessions/default/log?after=-1", 422, "not-valid"),
        ("GET", "/v1/sessions/default/log?after=1_0", 422, "not-valid"),
        ("GET", "/v1/sessions/default/log?limit=1001", 422, "not-valid"),
        ("GET", "/v1/sessions/default/log?limit=1&limit=2", 422, "not-valid"),
        ("GET", "/v1/sessions/default?verbose=1", 422, "not-valid"),
        ("GET", "/v1/events?session=nobody", 404, "no-such-session"),
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(method: str, path: str, status: int, kind: str) -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            problem = await caller.refused(method, path, status, kind)
            if kind == "wrong-method":
                assert (await caller.request(method, path)).headers["Allow"] in problem["to_do"]
            await caller.said("GET", "/v1/health/ready")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("body", "media_type", "status", "kind"),
    [
        (b"{", "application/json", 400, "malformed"),
        (b"\xff", "application/json", 400, "malformed"),
        (b"[" * 5000, "application/json", 400, "malformed"),
        (b"[]", "application/json", 422, "not-valid"),
        (b'{"faults": [], "faults": 1}', "application/json", 422, "not-valid"),
        (b'{"faults": [NaN]}', "application/json", 422, "not-valid"),
        (b"{}", "text/plain", 415, "wrong-media-type"),
        (b" " * (calls.LARGEST_BODY + 1), "application/json", 413, "too-large"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_in_words(body: bytes, media_type: str, status: int, kind: str) -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            headers = {"Content-Type": media_type}
            await caller.refused("PUT", "/v1/sessions/default/faults", status, kind, content=body, headers=headers)
            await caller.said("PUT", "/v1/sessions/default/faults", json={"faults": []})

    asyncio.run(main())


def test_what_is_not_http_is_answered_all_the_same() -> None:
    async def main() -> None:
        async with day_with() as (day, caller), connected(day.control_url) as peer:
            peer.writer.write(b"HELLO\r\n\r\n")
            heard = await peer.rest()
            assert (heard.status, heard.headers["content-type"]) == (400, "application/problem+json")
            await caller.said("GET", "/v1/health/live")

    asyncio.run(main())


def test_a_caller_that_says_nothing_or_never_ends_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "FIRST_WORD_S", 0.05)
    monkeypatch.setattr(calls, "BODY_PATIENCE_S", 0.05)

    async def main() -> None:
        async with day_with() as (day, _):
            async with connected(day.control_url) as peer:
                assert (await peer.rest()).data == b""
            async with connected(day.control_url) as peer:
                head = "PUT /v1/sessions/default/faults HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                peer.writer.write(f"{head}Content-Length: 10\r\n\r\n{{".encode())
                assert (await peer.reply()).status == 408

    asyncio.run(main())


def test_connections_beyond_the_most_are_closed_unheard(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(port, "MOST_CONNECTIONS", 2)

    async def main() -> None:
        async with day_with() as (day, caller):
            async with connected(day.control_url), connected(day.control_url), connected(day.control_url) as third:
                assert (await third.rest()).data == b""
            await caller.said("GET", "/v1/health/live")

    asyncio.run(main())


@pytest.mark.parametrize(
    ("headers", "kind", "status"),
    [
        ({"Host": "attacker.example"}, "wrong-host", 421),  # a name of theirs, made to mean this machine
        ({"Origin": "https://attacker.example"}, "foreign-page", 403),
        ({"Origin": "null"}, "foreign-page", 403),
    ],
)
def test_a_web_page_of_somebody_else_can_ask_nothing(headers: dict[str, str], kind: str, status: int) -> None:
    async def main() -> None:
        async with day_with() as (day, caller):
            await caller.refused("POST", "/v1/sessions/default/reset", status, kind, headers=headers)
            assert day.roster.all()[0].run == 1

    asyncio.run(main())


@pytest.mark.parametrize("host", ["localhost:1", "127.0.0.1", "[::1]:1", "s1.localhost"])
def test_this_machine_goes_by_several_names(host: str) -> None:
    async def main() -> None:
        async with day_with() as (_, caller):
            await caller.said("GET", "/v1/sessions", headers={"Host": host})

    asyncio.run(main())


@pytest.mark.parametrize("sent", ["", "Basic abc", "Bearer", "Bearer wrong", f"Bearer {TOKEN}x", "Bearer \xff"])
def test_without_the_token_nothing_is_told_but_how_the_service_is(sent: str) -> None:
    async def main() -> None:
        async with day_with(token=TOKEN) as (_, caller):
            headers = [(b"Authorization", sent.encode("latin-1"))] if sent else []
            for path in ("/v1/sessions", "/v1/sessions/default", "/v1/events", "/v1/nothing"):
                await caller.refused("GET", path, 401, "no-token", headers=headers)
            for path in ("/v1/health/live", "/v1/health/ready", "/v1/openapi.json"):
                await caller.said("GET", path, headers=headers)
            response = await caller.get("/v1/sessions", headers=headers)
            assert response.headers["WWW-Authenticate"].startswith("Bearer")
            assert TOKEN not in response.text
            await caller.said("GET", "/v1/sessions", headers={"Authorization": f"bearer {TOKEN}"})

    asyncio.run(main())

"""Clear Key against bytes from elsewhere, against itself, and against garbage."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_servers.content_keys import base64url, content_key, key_id, key_id_text
from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import MAX_REPLY_BYTES, MAX_REQUEST_BYTES, SUCCESS, BadReply, BadRequest, HttpRequest
from fake_servers.faults.base import Reply
from fake_servers.given import Given
from fake_servers.services.decision import Answer, Decision, Exchange, License, ServiceRequest
from tests.fake_servers.dialects.wires import key_ids, tuples_of, vectors
from tests.fake_servers.services.services import Services

CLEARKEY = DIALECTS["clearkey"]
LICENSE, RELEASE = Exchange.LICENSE, Exchange.RELEASE
VECTORS = vectors("clearkey")
JSON = {"Content-Type": "application/json"}

modest = settings(max_examples=60, deadline=None)


def whats(kind: str) -> list[Any]:
    return [pytest.param(vector, id=vector["what"]) for vector in VECTORS[kind]]


def post(body: bytes, headers: dict[str, str] | None = None) -> HttpRequest:
    return HttpRequest("POST", "http://127.0.0.1/license", headers or {}, body)


# ── bytes from elsewhere ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("vector", whats("requests"))
def test_a_players_request_is_understood(vector: dict[str, Any]) -> None:
    request = CLEARKEY.decode_request(Exchange(vector["exchange"]), post(vector["body"].encode(), vector["headers"]))
    assert request == ServiceRequest(exchange=Exchange(vector["exchange"]), contents=tuple(vector["contents"]))


@pytest.mark.parametrize("number", [0, -1])
def test_our_client_sends_what_players_send(number: int) -> None:
    vector = VECTORS["requests"][number]
    request = ServiceRequest(exchange=Exchange(vector["exchange"]), contents=tuple(vector["contents"]))
    assert CLEARKEY.encode_request(request, "http://127.0.0.1/").body == vector["body"].encode()


@pytest.mark.parametrize("vector", whats("no_requests"))
def test_what_is_no_request_is_a_bad_request(vector: dict[str, Any]) -> None:
    with pytest.raises(BadRequest) as caught:
        CLEARKEY.decode_request(LICENSE, post(vector["body"].encode()))
    assert caught.value.status == 400
    assert caught.value.reason


@pytest.mark.parametrize("vector", whats("replies"))
def test_a_good_reply_is_understood(vector: dict[str, Any]) -> None:
    decision = CLEARKEY.decode_reply(Exchange(vector["exchange"]), Reply(200, JSON, vector["body"].encode()))
    assert {lic.content: lic.key.hex() for lic in decision.licenses} == vector.get("keys", {})
    assert decision.contents == tuple(vector.get("contents", ()))
    assert decision.answer is SUCCESS[Exchange(vector["exchange"])]


def test_our_service_answers_what_chromium_accepts() -> None:
    granted, _, released = VECTORS["replies"]
    ((kid, key),) = granted["keys"].items()
    decision = Decision(answer=Answer.GRANTED, licenses=(License(content=kid, key=bytes.fromhex(key)),))
    reply = CLEARKEY.encode_reply(LICENSE, decision)
    assert (reply.status, dict(reply.headers), reply.body) == (200, JSON, granted["body"].encode())
    decision = Decision(answer=Answer.ACKNOWLEDGED, contents=tuple(released["contents"]))
    assert CLEARKEY.encode_reply(RELEASE, decision).body == released["body"].encode()


@pytest.mark.parametrize("vector", whats("no_licenses"))
def test_what_chromium_refuses_our_client_refuses(vector: dict[str, Any]) -> None:
    with pytest.raises(BadReply) as caught:
        CLEARKEY.decode_reply(LICENSE, Reply(200, JSON, vector["body"].encode()))
    assert caught.value.reason


# ── names and key ids ────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_content_goes_by_its_key_id_and_comes_back_under_the_name_that_was_asked_for() -> None:
    http = CLEARKEY.encode_request(ServiceRequest(exchange=LICENSE, contents=("film",)), "http://127.0.0.1/")
    request = CLEARKEY.decode_request(LICENSE, http)
    assert request.contents == (base64url(key_id("film")),)
    reply = CLEARKEY.encode_reply(LICENSE, Services(Given()).ask(LICENSE, device="", contents=request.contents))
    assert CLEARKEY.decode_reply(LICENSE, reply).licenses[0].content == key_id_text("film")
    granted = CLEARKEY.decode_reply(LICENSE, reply, ("film",)).licenses
    assert granted == (License(content="film", key=content_key("film")),)


def test_keys_for_other_content_only_are_no_reply_to_the_request() -> None:
    reply = Reply(200, JSON, VECTORS["replies"][0]["body"].encode())
    with pytest.raises(BadReply, match="not asked for"):
        CLEARKEY.decode_reply(LICENSE, reply, ("film",))


# ── refusals and errors ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("answer", sorted(set(Answer) - set(SUCCESS.values())))
def test_a_refusal_arrives_with_its_words(answer: Answer) -> None:
    refusal = Decision(
        answer=answer, text="Sorry: ”no“.", url="http://127.0.0.1/page" if answer is Answer.PAGE_REQUIRED else ""
    )
    reply = CLEARKEY.encode_reply(LICENSE, refusal)
    assert reply.status == {Answer.MAINTENANCE: 503, Answer.MALFORMED: 422}.get(answer, 403)
    assert CLEARKEY.decode_reply(LICENSE, reply) == refusal


@pytest.mark.parametrize(
    "reply",
    [
        Reply(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Guest network</title>"),
        Reply(200, {"Content-Type": "text/html"}, VECTORS["replies"][0]["body"].encode()),
        Reply(503, {"Content-Type": "text/html"}, b"<h1>Bad gateway</h1>"),
        Reply(503, {}, b""),
        Reply(403, JSON, b'{"error": "granted"}'),
        Reply(403, JSON, b'{"error": ["denied"]}'),
        Reply(403, JSON, b'{"error": "unheard of"}'),
        Reply(200, JSON, b'{"error": "denied", "text": "status and body disagree"}'),
        Reply(204, JSON, b""),
        Reply(206, JSON, VECTORS["replies"][0]["body"].encode()),
        Reply(200, JSON, b"[" * 200_000),
        Reply(200, JSON, b" " * (MAX_REPLY_BYTES + 1)),
    ],
    ids=lambda reply: f"{reply.status} {reply.body[:30]!r}",
)
def test_what_is_not_of_this_dialect_is_a_bad_reply(reply: Reply) -> None:
    with pytest.raises(BadReply):
        CLEARKEY.decode_reply(LICENSE, reply)


@pytest.mark.parametrize("kind", ["", "application/json; charset=utf-8", "Application/JSON", "application/jwk-set+json"])
def test_any_kind_of_json_will_do(kind: str) -> None:
    reply = Reply(200, {"content-TYPE": kind} if kind else {}, VECTORS["replies"][0]["body"].encode())
    assert CLEARKEY.decode_reply(LICENSE, reply).answer is Answer.GRANTED


def test_a_lone_surrogate_in_a_refusal_does_not_reach_the_trace() -> None:
    decision = CLEARKEY.decode_reply(LICENSE, Reply(403, JSON, b'{"error": "denied", "text": "\\ud800!"}'))
    assert decision.text == "?!"


def test_a_request_is_posted_and_small() -> None:
    body = VECTORS["requests"][0]["body"].encode()
    with pytest.raises(BadRequest) as caught:
        CLEARKEY.decode_request(LICENSE, HttpRequest("GET", "http://127.0.0.1/", {}, body))
    assert caught.value.status == 405
    with pytest.raises(BadRequest) as caught:
        CLEARKEY.decode_request(LICENSE, post(body + b" " * MAX_REQUEST_BYTES))
    assert caught.value.status == 413
    with pytest.raises(BadRequest, match="deep"):
        CLEARKEY.decode_request(LICENSE, post(b"[" * 60_000))


# ── against itself, and against garbage ──────────────────────────────────────────────────────────────────────────────


@modest
@given(st.sampled_from([LICENSE, RELEASE]), tuples_of(key_ids, 1))
def test_a_request_survives_the_wire(exchange: Exchange, contents: tuple[str, ...]) -> None:
    request = ServiceRequest(exchange=exchange, contents=contents)
    assert CLEARKEY.decode_request(exchange, CLEARKEY.encode_request(request, "http://127.0.0.1/")) == request


@modest
@given(tuples_of(st.builds(License, content=key_ids, key=st.binary(min_size=16, max_size=16)), 1), tuples_of(key_ids, 1))
def test_a_decision_survives_the_wire(licenses: tuple[License, ...], contents: tuple[str, ...]) -> None:
    granted = Decision(answer=Answer.GRANTED, licenses=licenses)
    assert CLEARKEY.decode_reply(LICENSE, CLEARKEY.encode_reply(LICENSE, granted)) == granted
    released = Decision(answer=Answer.ACKNOWLEDGED, contents=contents)
    assert CLEARKEY.decode_reply(RELEASE, CLEARKEY.encode_reply(RELEASE, released)) == released


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.sampled_from(["oct", "denied", "temporary"]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["kids", "keys", "kid", "k", "kty", "type", "error", "text"]), inner, max_size=4)
    ),
    max_leaves=10,
)


@modest
@given(st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()))
def test_garbage_is_a_bad_request_and_nothing_worse(body: bytes) -> None:
    for exchange in (LICENSE, RELEASE):
        with suppress(BadRequest):
            CLEARKEY.decode_request(exchange, post(body))


@modest
@given(
    st.sampled_from([200, 204, 302, 403, 503]),
    st.binary(max_size=200) | json_values.map(lambda value: json.dumps(value).encode()),
)
def test_garbage_is_a_bad_reply_and_nothing_worse(status: int, body: bytes) -> None:
    for exchange in (LICENSE, RELEASE):
        with suppress(BadReply):
            CLEARKEY.decode_reply(exchange, Reply(status, JSON, body), ("film",))

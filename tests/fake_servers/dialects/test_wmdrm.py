"""WMDRM against its public document, against itself, and against garbage."""

import base64
from contextlib import suppress
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import MAX_REQUEST_BYTES, SUCCESS, BadReply, BadRequest, HttpRequest
from fake_servers.dialects.wmdrm_reply import HR, sealed
from fake_servers.dialects.wmdrm_request import NEEDED, ROOT
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, License, ServiceRequest
from tests.fake_servers.dialects.wires import ascii_keys, licenses, names, tuples_of, vectors, words
from tests.fake_servers.services.services import Services

WMDRM = DIALECTS["wmdrm"]
VECTORS = vectors("wmdrm")
FORM = {"content-type": "application/x-www-form-urlencoded"}
XML = {"Content-Type": "text/xml; charset=utf-8"}
LICENSE, INDIVIDUALIZATION = Exchange.LICENSE, Exchange.INDIVIDUALIZATION
REFUSALS = sorted(set(Answer) - set(SUCCESS.values()))

BILLION_LAUGHS = (
    '<!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>'
    "<RESULT>&c;</RESULT>"
)

modest = settings(max_examples=60, deadline=None)


def challenge_of(xml: str | bytes) -> str:
    return base64.b64encode(xml if isinstance(xml, bytes) else xml.encode()).decode()


def post(form: str | bytes, headers: dict[str, str] | None = None) -> HttpRequest:
    body = form if isinstance(form, bytes) else form.encode()
    return HttpRequest("POST", "http://127.0.0.1/", FORM if headers is None else headers, body)


def result(xml: str | bytes, status: int = 200) -> Reply:
    return sealed(status, XML, xml if isinstance(xml, bytes) else xml.encode())


# ── the public document ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("escape", [quote, str], ids=["escaped", "as SDK samples post it"])
@pytest.mark.parametrize("vector", [pytest.param(vector, id=vector["what"]) for vector in VECTORS["license_requests"]])
def test_a_public_license_request_is_understood(vector: dict[str, Any], escape: Any) -> None:
    form = vector["form"].replace("{}", escape(challenge_of(vector["challenge"])))
    request = WMDRM.decode_request(LICENSE, post(form))
    assert (request.device, request.client_version) == (vector["device"], vector["client_version"])
    assert (list(request.contents), request.silent) == (vector["contents"], vector["silent"])


def test_base64_with_plus_signs_needs_no_escape() -> None:
    challenge = challenge_of(
        "<LICENSEREQUEST><CLIENTINFO><CLIENTID>û>û>û></CLIENTID></CLIENTINFO><CONTENT>~~~?~?</CONTENT></LICENSEREQUEST>"
    )
    assert "+" in challenge
    assert WMDRM.decode_request(LICENSE, post(f"challenge={challenge}")).device == "û>û>û>"


def test_our_license_request_has_the_public_elements_in_the_public_form() -> None:
    request = ServiceRequest(
        exchange=LICENSE, device="d", client_version="2.2", contents=("p-YcNz4hkDPCEJH6YHvzuA",), silent=False
    )
    http = WMDRM.encode_request(request, "http://127.0.0.1/")
    assert http.body.startswith(b"nonsilent=1&challenge=")  # the literal prefix of WM_GET_LICENSE_DATA's page
    xml = base64.b64decode(parse_qs(http.body.decode())["challenge"][0]).decode()
    for element in (
        '<LICENSEREQUEST version="2.0.0.0">',
        "<ACTIONLIST><ACTION>Play</ACTION></ACTIONLIST>",
        "<CLIENTINFO><CLIENTID>d</CLIENTID><SECURITYVERSION>2.2</SECURITYVERSION></CLIENTINFO>",
        '<WRMHEADER version="2.0.0.0"><DATA><KID>p+YcNz4hkDPCEJH6YHvzuA==</KID>',
    ):
        assert element in xml


def test_every_answer_rides_on_its_public_result_code() -> None:
    codes = {name: code for name, code in VECTORS["result_codes"].items() if name != "source"}
    assert {answer.value: f"0x{value:08X}" for answer, value in HR.items()} == codes
    assert set(HR) == set(Answer)


def test_no_two_refusals_share_a_code_and_none_has_a_code_of_success() -> None:
    codes = [HR[answer] for answer in REFUSALS]
    assert len(set(codes)) == len(codes)
    assert all(code & 0x80000000 for code in codes)
    assert not any(HR[answer] & 0x80000000 for answer in SUCCESS.values())


def test_each_wire_is_marked_as_ours() -> None:
    assert WMDRM.invented == WMDRM.exchanges == set(Exchange)


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────


SMALLEST = "<LICENSEREQUEST><CLIENTINFO><CLIENTID>d</CLIENTID></CLIENTINFO><CONTENT>film</CONTENT></LICENSEREQUEST>"


def test_the_smallest_license_request_is_understood() -> None:
    request = WMDRM.decode_request(LICENSE, post(f"challenge={challenge_of(SMALLEST)}", {}))
    assert request == ServiceRequest(exchange=LICENSE, device="d", contents=("film",))


@pytest.mark.parametrize(
    ("form", "headers", "status"),
    [
        ("challenge=", {"content-type": "application/json"}, 415),
        ("x" * (MAX_REQUEST_BYTES + 1), FORM, 413),
        ("", FORM, 400),
        ("nonsilent=0", FORM, 400),
        ("challenge=%FF", FORM, 400),
        ("challenge=!", FORM, 400),
        (f"challenge={challenge_of('<A/>')}&challenge={challenge_of('<A/>')}", FORM, 400),
        (f"challenge={challenge_of('<LICENSEREQUEST/>')}&nonsilent=2", FORM, 400),
        ("&".join([f"challenge={challenge_of(SMALLEST)}", *(f"f{n}=1" for n in range(100))]), FORM, 400),
        (f"challenge={challenge_of('license, please')}", FORM, 400),
        (f"challenge={challenge_of('<LICENSEREQUEST>')}", FORM, 400),
        (f"challenge={challenge_of('<MONITORREQUEST/>')}", FORM, 400),
        (f"challenge={challenge_of('<LICENSEREQUEST/>')}", FORM, 400),
        (f"challenge={challenge_of(BILLION_LAUGHS)}", FORM, 400),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_no_request_is_a_bad_request(form: str, headers: dict[str, str], status: int) -> None:
    with pytest.raises(BadRequest) as caught:
        WMDRM.decode_request(LICENSE, post(form, headers))
    assert caught.value.status == status
    assert caught.value.reason


def full(exchange: Exchange) -> ServiceRequest:
    """A request with everything that any exchange needs."""
    return ServiceRequest(
        exchange=exchange,
        device="d",
        client_version="2.2",
        contents=("film",),
        nonce="n",
        idempotency_key="k",
        computer="c",
        licenses=("a", "b"),
        receipt="r",
    )


@pytest.mark.parametrize(("exchange", "field"), [(exchange, field) for exchange in Exchange for field in NEEDED[exchange]])
def test_a_request_without_what_it_needs_is_told_so(exchange: Exchange, field: str) -> None:
    blank: Any = () if field in ("contents", "licenses") else ""
    http = WMDRM.encode_request(replace(full(exchange), **{field: blank}), "http://127.0.0.1/")
    with pytest.raises(BadRequest, match=field):
        WMDRM.decode_request(exchange, http)


def test_an_idempotency_key_that_is_no_quoted_string_is_a_bad_request() -> None:
    http = WMDRM.encode_request(full(Exchange.RESTORE), "http://127.0.0.1/")
    assert http.headers["idempotency-key"] == '"k"'
    with pytest.raises(BadRequest, match="quoted"):
        WMDRM.decode_request(Exchange.RESTORE, replace(http, headers={**http.headers, "idempotency-key": "k"}))


# ── replies ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_component_arrives_with_its_version_and_a_digest() -> None:
    decision = Services().ask(INDIVIDUALIZATION, idempotency_key="k")
    reply = WMDRM.encode_reply(INDIVIDUALIZATION, decision)
    assert reply.body == decision.package
    assert reply.headers["Component-Version"] == "2.2"
    assert WMDRM.decode_reply(INDIVIDUALIZATION, reply) == decision


@pytest.mark.parametrize("body", [lambda b: b[:-1], lambda b: b"", lambda b: bytes([b[0] ^ 1]) + b[1:], lambda b: b + b"\0"])
def test_a_component_that_was_torn_or_altered_is_a_bad_reply(body: Any) -> None:
    reply = WMDRM.encode_reply(INDIVIDUALIZATION, Services().ask(INDIVIDUALIZATION, idempotency_key="k"))
    with pytest.raises(BadReply, match="Content-Digest"):
        WMDRM.decode_reply(INDIVIDUALIZATION, replace(reply, body=body(reply.body)))


@pytest.mark.parametrize("missing", ["Component-Version", "Content-Digest", "Content-Type"])
def test_a_component_without_one_of_its_headers_is_a_bad_reply(missing: str) -> None:
    reply = WMDRM.encode_reply(INDIVIDUALIZATION, Services().ask(INDIVIDUALIZATION, idempotency_key="k"))
    headers = {name: value for name, value in reply.headers.items() if name != missing}
    with pytest.raises(BadReply):
        WMDRM.decode_reply(INDIVIDUALIZATION, replace(reply, headers=headers))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_no_flipped_bit_of_a_body_goes_unseen(data: st.DataObject) -> None:
    reply = WMDRM.encode_reply(LICENSE, Services().ask(LICENSE, contents=("film",), nonce="n"))
    bit = data.draw(st.integers(0, len(reply.body) * 8 - 1))
    body = bytearray(reply.body)
    body[bit // 8] ^= 1 << bit % 8
    with pytest.raises(BadReply, match="Content-Digest"):
        WMDRM.decode_reply(LICENSE, replace(reply, body=bytes(body)), ("film",))


KEY = base64.b64encode(bytes(16)).decode()
GRANTED = f'<RESULT hr="0x000D2726"><LICENSE content="film" key="{KEY}"/></RESULT>'


def test_a_license_in_its_smallest_form_is_understood() -> None:
    decision = WMDRM.decode_reply(LICENSE, result(GRANTED), ("film",))
    assert decision == Decision(answer=Answer.GRANTED, licenses=(License(content="film", key=bytes(16)),))


@pytest.mark.parametrize(
    ("exchange", "reply"),
    [
        (LICENSE, Reply(200, {"Content-Type": "text/html"}, b"<!doctype html><title>Guest network</title>")),
        (LICENSE, sealed(200, {"Content-Type": "text/html"}, GRANTED.encode())),
        (LICENSE, Reply(200, XML, GRANTED.encode())),  # no digest
        (LICENSE, Reply(503, {}, b"")),
        (LICENSE, result(GRANTED, 503)),
        (LICENSE, result(GRANTED, 206)),
        (LICENSE, result(GRANTED[:-4])),
        (LICENSE, result("")),
        (LICENSE, result("<HTML/>")),
        (LICENSE, result("<RESULT/>")),
        (LICENSE, result('<RESULT hr="granted"/>')),
        (LICENSE, result('<RESULT hr="0x00000000"/>')),  # a success, but of other exchanges
        (LICENSE, result('<RESULT hr="0x8004C600"/>')),  # a code of PlayReady's
        (LICENSE, result('<RESULT hr="0x000D2726"/>')),
        (LICENSE, result(GRANTED.replace(KEY, "AAAA"))),
        (LICENSE, result(GRANTED.replace(KEY, "?"))),
        (LICENSE, result(GRANTED.replace('content="film"', ""))),
        (LICENSE, result(GRANTED.replace("key=", 'expires="soon" key='))),
        (LICENSE, result(GRANTED.replace("key=", 'expires="nan" key='))),
        (LICENSE, result(GRANTED.replace("film", "other"))),
        (LICENSE, result(BILLION_LAUGHS)),
        (LICENSE, result(BILLION_LAUGHS.encode("utf-16"))),
        (LICENSE, result('<RESULT hr="0xC00D2759"/>')),  # a page, and no word where it is
        (LICENSE, result('<RESULT hr="0x80070057"/>')),  # malformed, with status 200
        (INDIVIDUALIZATION, result('<RESULT hr="0x000D2727"/>')),
        (Exchange.REVOCATION, result('<RESULT hr="0x00000000"><CONTENT>film</CONTENT></RESULT>')),
        (Exchange.REVOCATION, result('<RESULT hr="0x00000000"><RECEIPT>r</RECEIPT></RESULT>')),
        (Exchange.RESTORE, result('<RESULT hr="0x00000000"/>')),
        (Exchange.RESTORE, result(GRANTED)),
        (LICENSE, result(b"<a>" * 200_000)),
        (LICENSE, result(b"<a>" * 100_000 + b"</a>" * 100_000)),
        (LICENSE, result(" " * 2_000_000)),
    ],
    ids=lambda value: f"{value.status} {value.body[:60]!r}" if isinstance(value, Reply) else value.value,
)
def test_what_is_not_of_this_dialect_is_a_bad_reply(exchange: Exchange, reply: Reply) -> None:
    with pytest.raises(BadReply) as caught:
        WMDRM.decode_reply(exchange, reply, ("film",))
    assert caught.value.reason


# ── against itself, and against garbage ──────────────────────────────────────────────────────────────────────────────

requests = st.builds(
    ServiceRequest,
    exchange=st.sampled_from(Exchange),
    device=names,
    client_version=words,
    contents=tuples_of(names, 1),
    nonce=names,
    idempotency_key=ascii_keys.filter(bool),
    computer=names,
    licenses=tuples_of(names, 1),
    silent=st.booleans(),
    receipt=names,
)


@modest
@given(requests)
def test_a_request_survives_the_wire(request: ServiceRequest) -> None:
    http = WMDRM.encode_request(request, "http://127.0.0.1/")
    assert all(name == name.lower() for name in http.headers)
    assert WMDRM.decode_request(request.exchange, http) == request


@modest
@given(
    st.sampled_from([exchange for exchange in Exchange if exchange is not INDIVIDUALIZATION]),
    st.sampled_from([None, *REFUSALS]),
    st.builds(
        Decision,
        answer=st.just(Answer.DENIED),
        licenses=tuples_of(licenses(names), 1),
        contents=tuples_of(names, 1),
        url=names,
        receipt=names,
        nonce=words,
        text=words,
    ),
)
def test_a_decision_survives_the_wire(exchange: Exchange, refusal: Answer | None, decision: Decision) -> None:
    decision = replace(decision, answer=refusal or SUCCESS[exchange])
    assert WMDRM.decode_reply(exchange, WMDRM.encode_reply(exchange, decision)) == decision


def element(tag: str, attributes: dict[str, str], children: list[str]) -> str:
    written = "".join(f' {name}="{value}"' for name, value in attributes.items())
    return f"<{tag}{written}>{''.join(children)}</{tag}>"


elements = st.recursive(
    words.map(lambda text: text.replace("&", "").replace("<", "")),
    lambda inner: st.builds(
        element,
        st.sampled_from(["RESULT", "LICENSE", "CONTENT", "CLIENTINFO", "CLIENTID", "WRMHEADER", "DATA", "KID", *ROOT.values()]),
        st.dictionaries(
            st.sampled_from(["hr", "key", "content", "expires", "url"]),
            st.sampled_from(["", "x", "AA==", KEY, "1e999", "0x00000000", "0x000D2726", "0xC00D2759"]),
            max_size=3,
        ),
        st.lists(inner, max_size=3),
    ),
    max_leaves=8,
)
documents = st.binary(max_size=200) | elements.map(str.encode)


@modest
@given(st.sampled_from(Exchange), documents, st.text(max_size=8))
def test_garbage_is_a_bad_request_and_nothing_worse(exchange: Exchange, document: bytes, key: str) -> None:
    headers = {**FORM, "idempotency-key": key}
    for body in (document, b"challenge=" + quote(challenge_of(document)).encode()):
        with suppress(BadRequest):
            WMDRM.decode_request(exchange, post(body, headers))


@modest
@given(
    st.sampled_from(Exchange),
    st.sampled_from([200, 204, 302, 422, 503]),
    st.sampled_from(["text/xml", "application/octet-stream", "text/html", ""]),
    documents,
)
def test_garbage_is_a_bad_reply_and_nothing_worse(exchange: Exchange, status: int, kind: str, document: bytes) -> None:
    for reply in (sealed(status, {"Content-Type": kind}, document), Reply(status, {"Content-Type": kind}, document)):
        with suppress(BadReply):
            WMDRM.decode_reply(exchange, reply, ("film",))

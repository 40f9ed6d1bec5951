"""What passes without bytes is what the dialect's own bytes would have let through."""

import re
from dataclasses import replace

import pytest

from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import BadReply, BadRequest, Dialect
from fake_servers.faults.base import Reply
from fake_servers.services.decision import Answer, Decision, Exchange, License, ServiceRequest
from harness.tiers.carriage import MOST_KINDS, Carriage

URL = "http://10.0.0.1:20002/license"
REQUEST = ServiceRequest(
    exchange=Exchange.LICENSE,
    device="device-1",
    client_version="2.2",
    contents=("film", "trailer"),
    nonce="a" * 32,
    idempotency_key="b" * 32,
    computer="computer-1",
    licenses=("film",),
    silent=False,
    receipt="c" * 16,
)
DECISION = Decision(
    answer=Answer.GRANTED,
    licenses=(License(content="film", key=bytes(16), expires_epoch_s=12.5, may_back_up=False),),
    contents=("film", "trailer"),
    url="http://10.0.0.1/page?a=1&b=2",
    package=b"component",
    client_version="2.2",
    receipt="c" * 16,
    nonce="a" * 32,
    text="A sentence <for> people & others.",
)
CASES = [(name, exchange) for name in ("clearkey", "wmdrm") for exchange in sorted(DIALECTS[name].exchanges)]


@pytest.mark.parametrize(("name", "exchange"), CASES)
def test_a_request_loses_on_its_way_what_its_dialect_cannot_say(name: str, exchange: Exchange) -> None:
    dialect, carriage = DIALECTS[name], Carriage(DIALECTS[name])
    for nonce in ("d" * 32, "e" * 32):
        for request in (
            replace(REQUEST, exchange=exchange, nonce=nonce),
            ServiceRequest(exchange=exchange, nonce=nonce),
        ):
            passed = carriage.heard(request, URL).passed
            http = dialect.encode_request(request, URL)
            if isinstance(passed, BadRequest):
                with pytest.raises(BadRequest, match=re.escape(passed.reason)):
                    dialect.decode_request(exchange, http)
            else:
                assert passed.of(request) == dialect.decode_request(exchange, http)


@pytest.mark.parametrize("answer", list(Answer))
@pytest.mark.parametrize(("name", "exchange"), CASES)
def test_a_decision_loses_on_its_way_what_its_dialect_cannot_say(name: str, exchange: Exchange, answer: Answer) -> None:
    dialect, carriage = DIALECTS[name], Carriage(DIALECTS[name])
    for nonce in ("d" * 32, "e" * 32):
        for decision in (replace(DECISION, answer=answer, nonce=nonce), Decision(answer=answer, nonce=nonce)):
            unwritten, written = carriage.unwritten(exchange, decision), dialect.encode_reply(exchange, decision)
            assert (unwritten.status, len(unwritten.body)) == (written.status, len(written.body))
            assert _read(carriage, exchange, unwritten) == _read(dialect, exchange, written)


def _read(dialect: Dialect, exchange: Exchange, reply: Reply) -> Decision | str:
    """The decision, or why there is none to be read."""
    try:
        return dialect.decode_reply(exchange, reply, ("film",))
    except BadReply as bad:
        return bad.reason


def test_what_it_has_learned_does_not_grow_for_ever() -> None:
    carriage = Carriage(DIALECTS["wmdrm"])
    for number in range(MOST_KINDS + 10):
        carriage.heard(replace(REQUEST, receipt=f"{number:016x}"), URL)
    assert len(carriage._requests) <= MOST_KINDS

"""A line of a client is a message of the protocol, or there is a reason why not."""

from __future__ import annotations

import json
from typing import Any

import pytest

from harness.adapters import messages as m
from harness.status.phase import Phase
from tests.harness.adapters.given_setup import Heard, setup_for


def line(**message: Any) -> bytes:
    return json.dumps({"jsonrpc": "2.0", **message}).encode()


def status(**params: Any) -> bytes:
    return line(method="status", params={"operation": "license_acquisition", "phase": "started", **params})


def test_a_status_is_read_with_everything_it_says() -> None:
    read = m.read_message(status(phase="failed", code=0xC00D2728, reason="license_denied", retryable=False, retry_in_s=None))
    assert isinstance(read, m.Status)
    assert (read.params.phase, read.params.retryable) == (Phase.FAILED, False)
    assert read.params.code is not None
    assert read.params.code.name == "NS_E_DRM_NEEDS_INDIVIDUALIZATION"


def test_each_other_message_of_a_client_is_read_too() -> None:
    assert m.read_message(line(id=1, method="wait", params={"seconds": 2})) == m.Wait(
        jsonrpc="2.0", id=1, method="wait", params=m.WaitParams(seconds=2.0)
    )
    assert m.read_message(line(id=1, result=None)) == m.Answer(jsonrpc="2.0", id=1, result=None)
    refusal = m.read_message(line(id=2, error={"code": -1, "message": "no"}))
    assert refusal == m.Refusal(jsonrpc="2.0", id=2, error=m.Error(code=-1, message="no"))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (b"hello", "no JSON: expected value"),
        (b"\xff\xfe", "no JSON: expected value"),
        (b"[" * 100_000, "no JSON: recursion limit exceeded"),
        (b'{"jsonrpc": "2.0", "id": 1, "result": NaN}', "no JSON: expected value"),
        (b'"\\ud800"', "no JSON: "),
        (b"[]", "a message is one JSON object a line"),
        (b"{}", "jsonrpc: Field required; id: Field required; result: Field required"),
        (b'{"id": 1, "result": 1}', "jsonrpc: Field required"),
        (line(id=True, result=None), "id: Input should be a valid integer"),
        (line(method="dance"), "a client sends the methods status and wait, not 'dance'"),
        (line(method=["status"]), "a client sends the methods status and wait, not ['status']"),
        (status(phase="dreaming"), "params.phase: Input should be 'started', "),
        (status(attempt="1"), "params.attempt: Input should be a valid integer"),
        (status(attempt=-1), "params.attempt: Input should be greater than or equal to 0"),
        (status(retryable=True), "params: Value error, 'retryable' belongs to a settling status; 'started' does not settle"),
        (status(at=1.0), "params: Value error, 'at' is stamped by the harness; leave it out"),
        (status(code="NS_E_NO_SUCH"), "params.code: Value error, no code is named 'NS_E_NO_SUCH'"),
        (status(colour="blue"), "params.colour: Extra inputs are not permitted"),
        (line(method="status"), "params: Field required"),
        (line(id=1, method="wait", params={"seconds": -1}), "params.seconds: Input should be greater than or equal to 0"),
        (line(id=1, method="wait", params={"seconds": 1e9}), "params.seconds: Input should be less than or equal to 86400"),
    ],
)
def test_a_line_that_is_no_message_is_refused_with_the_reason(text: bytes, reason: str) -> None:
    with pytest.raises(m.UnreadableError) as caught:
        m.read_message(text)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("text", "id_", "code"),
    [
        (line(id="w1", method="wait", params={}), "w1", m.INVALID_PARAMS),
        (line(id=3, method="dance"), 3, m.METHOD_NOT_FOUND),
        (line(method="dance"), None, m.METHOD_NOT_FOUND),
        (line(id=3, result=1, error={}), None, m.INVALID_PARAMS),
    ],
)
def test_a_request_that_cannot_be_read_still_tells_whom_to_answer(text: bytes, id_: int | str | None, code: int) -> None:
    with pytest.raises(m.UnreadableError) as caught:
        m.read_message(text)
    assert (caught.value.id, caught.value.code) == (id_, code)


def test_a_setup_is_sent_whole_but_for_what_only_works_in_process() -> None:
    sent = m.PlainSetup.of(setup_for(Heard(), holds={"film": "00"}, backup=("film",)))
    assert set(type(sent).model_fields) == set(setup_for(Heard()).__slots__) - {"report", "note", "rng", "speed"}
    plain = json.loads(m.written({"params": sent.model_dump(mode="json")}))["params"]
    assert plain["backup"] == ["film"]
    assert plain["epoch_s"] == 1_767_225_600.0
    assert plain["settings"]["restore_order"] == "begin_last"


def test_the_profile_in_a_result_goes_by_the_clients_name_and_version() -> None:
    result = m.InitializeResult.model_validate({"name": "mine", "version": "3", "profile": {"silence": "5 s", "retry": None}})
    assert result.profile is not None
    assert (result.profile.name, result.profile.version, result.profile.silence) == ("mine", "3", 5.0)

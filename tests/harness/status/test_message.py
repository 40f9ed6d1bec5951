"""A status message takes what its fields allow, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from harness.status.code import code_named
from harness.status.message import Progress, StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


def message(**fields: Any) -> StatusMessage:
    return StatusMessage.model_validate({"operation": "license_acquisition", "phase": "connecting", **fields})


def refused_field(**fields: Any) -> object:
    with pytest.raises(ValidationError) as refused:
        message(**fields)
    return refused.value.errors()[0]["loc"][0]


def test_the_words_of_a_client_are_read_into_their_lists() -> None:
    told = message(phase="failed", reason="timed_out", code="0xC00D271E", retryable=True, attempt=3)
    assert (told.operation, told.phase, told.reason) == (Operation.LICENSE_ACQUISITION, Phase.FAILED, Reason.TIMED_OUT)
    assert told.code == code_named("NS_E_DRM_UNABLE_TO_ACQUIRE_LICENSE")


def test_a_message_comes_back_from_its_json_as_it_was() -> None:
    told = message(phase="receiving", progress={"done": 3, "total": 8}, attempt=2, round=2, at=1.5, text="…")
    assert StatusMessage.model_validate_json(told.model_dump_json()) == told
    failed = message(phase="failed", reason="rate_limited", code="E_FAIL", retryable=True)
    assert StatusMessage.model_validate_json(failed.model_dump_json()) == failed


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("operation", "license_renewal"),  # a renewal is an acquisition
        ("phase", "almost_done"),
        ("reason", "bad_weather"),
        ("code", "NS_E_DRM_BAD_WEATHER"),
        ("round", 0),
        ("attempt", -1),
        ("retry_in_s", -0.1),
        ("retry_in_s", float("nan")),
        ("retry_in_s", float("inf")),
        ("progress", {"done": -1}),
        ("progress", {"done": 1, "total": -8}),
        ("progress", {"total": 8}),
        ("progress", {"done": 1, "total": 8, "unit": "bytes"}),
        ("mood", "fine"),
    ],
)
def test_a_field_out_of_bounds_or_out_of_list_is_refused_by_name(field: str, value: object) -> None:
    assert refused_field(**{field: value}) == field


@pytest.mark.parametrize("phase", Phase)
@pytest.mark.parametrize("retryable", [True, False])
def test_whether_a_retry_is_possible_is_said_when_a_round_is_settled_and_not_before(phase: Phase, retryable: bool) -> None:
    if phase.settles:
        assert message(phase=phase, retryable=retryable).retryable is retryable
    else:
        with pytest.raises(ValidationError, match=f"'{phase}' does not settle"):
            message(phase=phase, retryable=retryable)


@pytest.mark.parametrize("phase", Phase)
def test_a_client_need_not_say_whether_a_retry_is_possible(phase: Phase) -> None:
    told = message(phase=phase)
    assert told.retryable is None
    assert told.settles == phase.settles


def test_progress_without_a_total_is_progress_of_unknown_length() -> None:
    assert Progress(done=4096).total == 0


def test_what_was_said_cannot_be_changed() -> None:
    told = message(progress={"done": 1, "total": 2})
    with pytest.raises(ValidationError):
        told.phase = Phase.FAILED  # type: ignore[misc]  # that it is frozen is what is tested
    assert told.progress is not None
    with pytest.raises(ValidationError):
        told.progress.done = 2  # type: ignore[misc]  # as above

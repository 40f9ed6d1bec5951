"""What the user read, for a reader of another language: our sentences are said again, a client's own are left alone."""

from __future__ import annotations

import pytest

from harness.report.told import last_words, told
from harness.status.message import Progress, StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason
from harness.status.text import sentence
from tests.harness.checks.trace_builder import says, trace_of

ACQUIRE = Operation.LICENSE_ACQUISITION


def message(phase: Phase, language: str, *, on_network: bool = True, attempt: int = 2, **fields: object) -> StatusMessage:
    said = sentence(phase, operation=ACQUIRE, attempt=attempt if on_network else 0, language=language, **fields)  # type: ignore[arg-type]
    return StatusMessage.model_validate({"operation": ACQUIRE, "phase": phase, "attempt": attempt, "text": said, **fields})


@pytest.mark.parametrize("spoken", ["en", "fr"])
@pytest.mark.parametrize("reader", ["en", "fr"])
@pytest.mark.parametrize("on_network", [True, False])
def test_our_own_sentence_is_said_in_the_readers_language(spoken: str, reader: str, on_network: bool) -> None:
    for fields in (
        {"phase": Phase.RETRY_SCHEDULED, "reason": Reason.CONNECTION_LOST, "retry_in_s": 4.0},
        {"phase": Phase.RECEIVING, "progress": Progress(done=3, total=4)},
        {"phase": Phase.PAGE_NEEDED, "url": "https://license.example/page"},
        {"phase": Phase.CONNECTING},
    ):
        status = message(language=spoken, on_network=on_network, **fields)
        assert told(status, reader) == message(language=reader, on_network=on_network, **fields).text


@pytest.mark.parametrize("text", ["It went wrong, sorry.", "", "The license could not be fetched: no answer came in time."])
def test_a_clients_own_words_are_left_as_they_are(text: str) -> None:
    status = StatusMessage(operation=ACQUIRE, phase=Phase.FAILED, reason=Reason.TIMED_OUT, text=text)
    assert told(status, "fr") == text


def test_the_last_words_of_each_round_are_shown() -> None:
    trace = trace_of(
        "start", "started", says("failed", text="It broke.\x1b[31m"), "retry", "started", says("succeeded", text="Done.")
    )
    assert list(last_words(trace)) == [
        "the user read last in round 1: It broke.\\x1b[31m",
        "the user read last in round 2: Done.",
    ]


def test_a_client_that_says_nothing_has_no_last_words() -> None:
    assert list(last_words(trace_of("start", says("failed", text="")))) == []

"""stall_after: one pause, in the right place, and then the rest."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation, Wait
from fake_servers.faults.bytes import StallAfter
from tests.fake_servers.faults.streams import CHUNKINGS, HEAD, REPLY, chunked, outline, play, sent


def stall(length: int, seconds: float = 2.0) -> StallAfter:
    return StallAfter(after_bytes=f"{length} bytes", stall=seconds)


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize("length", [1, HEAD, len(REPLY) - 1])
def test_the_pause_comes_once_after_exactly_so_many_bytes(length: int, chunks: list[bytes]) -> None:
    actions = play(stall(length), chunks)
    assert outline(actions) == [length, Wait(2.0), len(REPLY) - length]
    assert sent(actions) == REPLY


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_a_pause_after_no_byte_delays_the_whole_reply(chunks: list[bytes]) -> None:
    assert outline(play(stall(0), chunks)) == [Wait(2.0), len(REPLY)]


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize("length", [len(REPLY), len(REPLY) + 1])
def test_a_pause_that_holds_no_byte_up_does_not_happen(length: int, chunks: list[bytes]) -> None:
    assert outline(play(stall(length), chunks)) == [len(REPLY)]


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), length=st.integers(0, len(REPLY) + 3))
def test_no_chunking_changes_what_arrives_or_when(data: st.DataObject, length: int) -> None:
    actions = play(stall(length), data.draw(chunked(REPLY)))
    assert sent(actions) == REPLY
    assert outline(actions) == outline(play(stall(length), [REPLY]))


@pytest.mark.parametrize(("seconds", "presentation"), [(29.9, Presentation.SLOW), (30.0, Presentation.SILENCE)])
def test_a_pause_longer_than_clients_wait_presents_as_silence(seconds: float, presentation: Presentation) -> None:
    assert stall(5, seconds).presents_as() is presentation


@pytest.mark.parametrize(
    ("seconds", "complaint"),
    [(0.0, "greater than 0"), ("-1 s", "greater than"), (30, "needs a unit"), ("3 bytes", "units ms, s")],
)
def test_a_pause_is_a_positive_time_with_a_unit(seconds: object, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        StallAfter.model_validate({"after_bytes": "1 byte", "stall": seconds})

"""drip: drops of one size, a pause between two, and in the end the whole reply."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation, Wait
from fake_servers.faults.bytes import Drip
from tests.fake_servers.faults.streams import CHUNKINGS, REPLY, chunked, outline, play, sent


def drip(size: int) -> Drip:
    return Drip(chunk=f"{size} bytes", every="50 ms")


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_drops_are_of_one_size_whatever_the_server_writes(chunks: list[bytes]) -> None:
    size, last = 30, len(REPLY) - 90
    assert 0 < last < size, "three whole drops and one smaller"
    actions = play(drip(size), chunks)
    assert outline(actions) == [30, Wait(0.05), 30, Wait(0.05), 30, Wait(0.05), last]
    assert sent(actions) == REPLY


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_no_pause_follows_the_last_drop(chunks: list[bytes]) -> None:
    assert len(REPLY) % 2 == 0
    half = len(REPLY) // 2
    assert outline(play(drip(half), chunks)) == [half, Wait(0.05), half]


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_a_reply_of_one_drop_passes_undisturbed(chunks: list[bytes]) -> None:
    assert outline(play(drip(len(REPLY)), chunks)) == [len(REPLY)]


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), size=st.integers(1, len(REPLY) + 3))
def test_no_chunking_changes_a_drop(data: st.DataObject, size: int) -> None:
    actions = play(drip(size), data.draw(chunked(REPLY)))
    assert sent(actions) == REPLY
    assert outline(actions) == outline(play(drip(size), [REPLY]))


def test_a_drip_presents_as_slow() -> None:
    assert drip(1).presents_as() is Presentation.SLOW


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"chunk": "0 bytes", "every": "1 s"}, "greater than 0"),
        ({"chunk": "1 byte", "every": "0 s"}, "greater than 0"),
        ({"chunk": "1 byte"}, "every\n  Field required"),
    ],
)
def test_a_drip_needs_a_drop_and_a_pause(parameters: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Drip.model_validate(parameters)

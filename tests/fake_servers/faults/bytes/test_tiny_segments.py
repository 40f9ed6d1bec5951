"""tiny_segments: every segment has its size, none is lost, and nobody waits."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation, Send, Wait
from fake_servers.faults.bytes import TinySegments
from tests.fake_servers.faults.streams import REPLY, chunked, play, sent


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), size=st.integers(1, 200))
def test_no_segment_is_larger_and_all_bytes_pass_without_time(data: st.DataObject, size: int) -> None:
    actions = play(TinySegments.model_validate({"size": f"{size} bytes"}), data.draw(chunked(REPLY)))
    assert all(0 < len(action.data) <= size if isinstance(action, Send) else action == Wait(0.0) for action in actions)
    assert sent(actions) == REPLY


def test_one_byte_each_makes_as_many_segments_as_bytes() -> None:
    segments = [action for action in play(TinySegments(), [REPLY]) if isinstance(action, Send)]
    assert len(segments) == len(REPLY)


def test_a_segment_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        TinySegments(size="0 bytes")


def test_there_is_nothing_wrong_with_it() -> None:
    assert TinySegments().presents_as() is Presentation.HARMLESS

"""bandwidth: what passes in any stretch of time is bounded, and nothing is lost."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fake_servers.faults.base import Presentation, Send, Wait
from fake_servers.faults.bytes import Bandwidth
from fake_servers.faults.bytes.bandwidth import PIECE_S
from tests.fake_servers.faults.streams import CHUNKINGS, REPLY, chunked, play, sent


def arrivals(rate: int, chunks: list[bytes]) -> list[tuple[float, int]]:
    """(seconds, bytes so far) whenever something was let through."""
    now, so_far, found = 0.0, 0, []
    for action in play(Bandwidth.model_validate({"rate": f"{rate} bytes"}), chunks):
        match action:
            case Wait(seconds):
                now += seconds
            case Send(data):
                so_far += len(data)
                found.append((now, so_far))
    return found


@pytest.mark.parametrize("rate", [1, 19, 20, 40, 1_000])
@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_never_more_than_the_rate_and_one_piece_has_passed_and_never_much_less(rate: int, chunks: list[bytes]) -> None:
    piece = max(1, int(rate * PIECE_S))
    for seconds, so_far in arrivals(rate, chunks):
        assert seconds * rate - 1e-6 <= so_far <= seconds * rate + piece + 1e-6 or so_far == len(REPLY)


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), rate=st.integers(1, 10_000))
def test_all_bytes_arrive_whatever_the_chunking(data: st.DataObject, rate: int) -> None:
    fault = Bandwidth.model_validate({"rate": f"{rate} bytes"})
    assert sent(play(fault, data.draw(chunked(REPLY)))) == REPLY


def test_a_reply_of_one_piece_passes_at_once() -> None:
    assert play(Bandwidth(rate="1 MB"), [REPLY]) == [Send(REPLY)]


def test_it_is_slow_and_nothing_else() -> None:
    assert Bandwidth(rate="1 KB").presents_as() is Presentation.SLOW

"""truncate: the last bytes are missing, however long the reply is."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Fin, Presentation
from fake_servers.faults.bytes import Truncate
from tests.fake_servers.faults.streams import CHUNKINGS, HEAD, REPLY, chunked, ends, play, sent


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize("drop", [1, len(REPLY) - HEAD, len(REPLY) - 1])
def test_exactly_the_last_bytes_are_missing(drop: int, chunks: list[bytes]) -> None:
    actions = play(Truncate(drop=f"{drop} bytes"), chunks)
    assert (sent(actions), ends(actions)) == (REPLY[:-drop], Fin())


@pytest.mark.parametrize("drop", [len(REPLY), len(REPLY) + 9])
@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_a_reply_no_longer_than_the_drop_is_lost_whole(drop: int, chunks: list[bytes]) -> None:
    assert play(Truncate(drop=f"{drop} bytes"), chunks) == [Fin()]


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), drop=st.integers(1, len(REPLY) + 3))
def test_no_chunking_moves_the_cut_by_a_byte(data: st.DataObject, drop: int) -> None:
    actions = play(Truncate(drop=f"{drop} bytes"), data.draw(chunked(REPLY)))
    assert (sent(actions), ends(actions)) == (REPLY[:-drop], Fin())


def test_a_cut_at_the_end_presents_as_a_lost_connection() -> None:
    assert Truncate(drop="1 byte").presents_as() is Presentation.CONNECTION_LOST


def test_a_drop_of_nothing_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than 0"):
        Truncate(drop="0 bytes")

"""reset_after, fin_after and reply_lost: exactly so many bytes, then an end, whatever pieces the server writes."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Action, ByteFault, Fin, Presentation, Reset, Silence
from fake_servers.faults.bytes import FinAfter, ReplyLost, ResetAfter
from tests.fake_servers.faults.streams import CHUNKINGS, HEAD, REPLY, chunked, ends, play, sent

CUTS: list[tuple[type[ResetAfter] | type[FinAfter], Action]] = [(ResetAfter, Reset()), (FinAfter, Fin())]


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize("length", [0, 1, HEAD - 1, HEAD, len(REPLY) - 1, len(REPLY)])
@pytest.mark.parametrize(("cut", "ending"), CUTS)
def test_a_cut_lets_exactly_its_budget_through(
    cut: type[ResetAfter] | type[FinAfter], ending: Action, length: int, chunks: list[bytes]
) -> None:
    actions = play(cut(after_bytes=f"{length} bytes"), chunks)
    assert (sent(actions), ends(actions)) == (REPLY[:length], ending)


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize(("cut", "ending"), CUTS)
def test_a_reply_shorter_than_the_budget_passes_undisturbed(
    cut: type[ResetAfter] | type[FinAfter], ending: Action, chunks: list[bytes]
) -> None:
    actions = play(cut(after_bytes=f"{len(REPLY) + 1} bytes"), chunks)
    assert (sent(actions), ends(actions)) == (REPLY, None), f"{ending} came without a cause"


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), length=st.integers(0, len(REPLY) + 3))
def test_no_chunking_moves_the_cut_by_a_byte(data: st.DataObject, length: int) -> None:
    actions = play(ResetAfter(after_bytes=f"{length} bytes"), data.draw(chunked(REPLY)))
    assert (sent(actions), ends(actions)) == (REPLY[:length], Reset() if length <= len(REPLY) else None)


@pytest.mark.parametrize("fault", [ResetAfter(after_bytes="3 bytes"), ReplyLost()])
def test_nothing_follows_the_end_even_if_the_server_writes_on(fault: ByteFault) -> None:
    stream = fault.stream(Random(7))
    assert list(stream.feed(b"abc"))[-1] == Reset()
    assert list(stream.feed(b"def")) == []


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize(
    ("how", "ending", "presentation"),
    [
        ("reset", Reset(), Presentation.CONNECTION_LOST),
        ("fin", Fin(), Presentation.CONNECTION_LOST),
        ("silence", Silence(), Presentation.SILENCE),
    ],
)
def test_of_a_lost_reply_not_one_byte_leaves(how: str, ending: Action, presentation: Presentation, chunks: list[bytes]) -> None:
    fault = ReplyLost(how=how)
    assert play(fault, chunks) == [ending]
    assert fault.presents_as() is presentation


@pytest.mark.parametrize("cut", [ResetAfter, FinAfter])
def test_a_cut_presents_as_a_lost_connection(cut: type[ResetAfter] | type[FinAfter]) -> None:
    assert cut(after_bytes="0 bytes").presents_as() is Presentation.CONNECTION_LOST


@pytest.mark.parametrize(
    ("after_bytes", "complaint"),
    [
        (120, "120 needs a unit"),
        ("120", "needs a number and one of the units byte, bytes, KB, MB, such as '120 bytes'"),
        ("-1 bytes", "greater than or equal to 0"),
        ("1.5 bytes", "not a whole number of bytes"),
        ("2 s", "needs a number and one of the units"),
    ],
)
def test_a_size_needs_its_unit(after_bytes: object, complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        ResetAfter.model_validate({"after_bytes": after_bytes})


def test_a_reply_can_be_lost_in_three_ways_only() -> None:
    with pytest.raises(ValidationError, match="'reset', 'fin' or 'silence'"):
        ReplyLost(how="burnt")

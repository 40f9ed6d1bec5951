"""flip_bits: the body is damaged where it was asked, the head never."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from fake_servers.faults.base import Presentation
from fake_servers.faults.bytes import FlipBits
from tests.fake_servers.faults.streams import CHUNKINGS, HEAD, REPLY, chunked, ends, play, sent


def damage(at_byte: int, count: int, chunks: list[bytes]) -> bytes:
    """What arrives, laid over what was sent: zeros where nothing was changed."""
    actions = play(FlipBits(at_byte=f"{at_byte} bytes", count=count), chunks)
    assert ends(actions) is None
    arrived = sent(actions)
    assert len(arrived) == len(REPLY)
    return bytes(a ^ b for a, b in zip(arrived, REPLY, strict=True))


@pytest.mark.parametrize("chunks", CHUNKINGS)
@pytest.mark.parametrize(
    ("count", "mask"),
    [
        (1, b"\x80"),
        (3, b"\xe0"),
        (8, b"\xff"),
        (9, b"\xff\x80"),
        (20, b"\xff\xff\xf0"),
    ],
)
def test_bits_are_inverted_from_the_highest_of_the_named_byte_on(count: int, mask: bytes, chunks: list[bytes]) -> None:
    assert damage(4, count, chunks) == (bytes(HEAD + 4) + mask).ljust(len(REPLY), b"\0")


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_damage_ends_with_the_body(chunks: list[bytes]) -> None:
    assert damage(len(REPLY) - HEAD - 1, 64, chunks) == bytes(len(REPLY) - 1) + b"\xff"


@pytest.mark.parametrize("chunks", CHUNKINGS)
def test_a_body_that_ends_before_the_named_byte_passes_undisturbed(chunks: list[bytes]) -> None:
    assert damage(len(REPLY) - HEAD, 8, chunks) == bytes(len(REPLY))


@settings(deadline=None)  # other work on the machine is no failure
@given(data=st.data(), at_byte=st.integers(0, 30), count=st.integers(1, 40))
def test_no_chunking_moves_the_damage(data: st.DataObject, at_byte: int, count: int) -> None:
    changed = damage(at_byte, count, data.draw(chunked(REPLY)))
    assert changed[:HEAD] == bytes(HEAD), "the head stays whole"
    assert changed == damage(at_byte, count, [REPLY])


@pytest.mark.parametrize("at_byte", range(len(REPLY) - HEAD))
def test_one_bit_anywhere_makes_a_text_body_invalid(at_byte: int) -> None:
    arrived = sent(play(FlipBits(at_byte=f"{at_byte} bytes"), [REPLY]))
    with pytest.raises(UnicodeDecodeError):
        arrived[HEAD:].decode()


def test_damage_presents_as_corrupted_bytes() -> None:
    assert FlipBits().presents_as() is Presentation.CORRUPTED


def test_no_bits_at_all_are_refused() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 1"):
        FlipBits(count=0)

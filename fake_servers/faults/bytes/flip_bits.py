"""A body that was damaged on its way."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, fault
from fake_servers.quantities import ByteCount

BLANK_LINE = b"\r\n\r\n"


@fault("flip_bits")
class FlipBits(ByteFault):
    """``count`` bits of the reply's body arrive inverted; head and length stay as they were.

    The bits follow one another from the highest bit of the byte ``at_byte`` on. One of them is enough to make a text body
    invalid: an ASCII byte among ASCII never has its highest bit set. The service did its work before. A body that ends before
    ``at_byte`` passes undisturbed.

    Attributes:
        at_byte: Offset of the first damaged byte from the start of the body, as transferred.
        count: Bits that are inverted, at least 1; 8 invert one whole byte.
    """

    examples: ClassVar[Examples] = ({"at_byte": "40 bytes", "count": 3},)

    at_byte: ByteCount = 0
    count: Annotated[int, Field(ge=1)] = 1

    def stream(self, rng: Random) -> "Flipping":
        return Flipping(self.at_byte, _mask(self.count))

    def presents_as(self) -> Presentation:
        return Presentation.CORRUPTED


def _mask(count: int) -> bytes:
    """``count`` ones from the highest bit on, filled up with zeros to whole bytes."""
    size = (count + 7) // 8
    return (((1 << count) - 1) << (size * 8 - count)).to_bytes(size, "big")


class Flipping:
    """Finds the body by the blank line before it, wherever the server's own writes end, and lays ``mask`` over its bytes."""

    def __init__(self, at_byte: int, mask: bytes) -> None:
        self._at = at_byte
        self._mask = mask
        self._head = bytearray()
        self._position: int | None = None  # in the body; None while in the head

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if not chunk:
            return
        head_bytes = len(chunk) if self._position is None else 0
        if self._position is None and (inside := self._end_of_head(chunk)) is not None:
            head_bytes, self._position = inside, 0
        body = bytearray(chunk[head_bytes:])
        if self._position is not None:
            self._damage(body)
        yield Send(chunk[:head_bytes] + body)

    def _end_of_head(self, chunk: bytes) -> int | None:
        """How many bytes of ``chunk`` still belong to the head, if it ends in there."""
        before = len(self._head)
        self._head += chunk
        end = self._head.find(BLANK_LINE, max(0, before - len(BLANK_LINE) + 1))
        return None if end < 0 else end + len(BLANK_LINE) - before

    def _damage(self, body: bytearray) -> None:
        assert self._position is not None
        first = self._at - self._position  # of the mask, seen from this piece of the body
        for index in range(max(first, 0), min(first + len(self._mask), len(body))):
            body[index] ^= self._mask[index - first]
        self._position += len(body)

"""A reply in crumbs."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, Wait, fault
from fake_servers.quantities import ByteCount


@fault("tiny_segments")
class TinySegments(ByteFault):
    """The reply is cut into segments of ``size`` bytes that follow one another without a pause: nothing is wrong with it.

    TCP may cut a stream wherever it likes, and middleboxes do. A client that takes one read for one reply, or a header for
    whole because it begins well, fails here; an honest one notices nothing. Over TLS each segment is a record of its own;
    without it a real kernel glues some together again, once more of them wait than a new connection may send. The service did
    its work before. A reply no longer than one segment passes undisturbed.

    Attributes:
        size: Bytes in a segment, at least 1.
    """

    examples: ClassVar[Examples] = ({"size": "1 byte"},)

    size: Annotated[ByteCount, Field(gt=0)] = 1

    def stream(self, rng: Random) -> "Crumbling":
        return Crumbling(self.size)

    def presents_as(self) -> Presentation:
        return Presentation.HARMLESS


class Crumbling:
    """Cuts at every ``size`` bytes, wherever the server's own writes end."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._has_sent = False

    def feed(self, chunk: bytes) -> Iterator[Action]:
        for start in range(0, len(chunk), self._size):
            if self._has_sent:
                yield Wait(0.0)  # no time, but a turn of the loop: a kernel glues together what is written in one go
            self._has_sent = True
            yield Send(chunk[start : start + self._size])

"""A reply in drops."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, Wait, fault
from fake_servers.quantities import ByteCount, Seconds


@fault("drip")
class Drip(ByteFault):
    """The reply arrives in drops of ``chunk`` bytes, one ``every`` so often, and in the end it is whole.

    A time limit for each read never strikes; one for the whole reply does. The service did its work before. A reply no longer
    than one drop passes undisturbed.

    Attributes:
        chunk: Bytes in a drop, at least 1.
        every: Pause between two drops.
    """

    examples: ClassVar[Examples] = ({"chunk": "10 bytes", "every": "50 ms"},)

    chunk: Annotated[ByteCount, Field(gt=0)]
    every: Annotated[Seconds, Field(gt=0)]

    def stream(self, rng: Random) -> "Dripping":
        return Dripping(self.chunk, self.every)

    def presents_as(self) -> Presentation:
        return Presentation.SLOW


class Dripping:
    """Cuts the reply at whole multiples of ``size``, wherever the server's own writes end, and waits at each cut."""

    def __init__(self, size: int, every_s: float) -> None:
        self._size = size
        self._every_s = every_s
        self._left = size  # of the drop that is falling

    def feed(self, chunk: bytes) -> Iterator[Action]:
        start = 0
        while start < len(chunk):
            if self._left == 0:
                self._left = self._size
                yield Wait(self._every_s)
            drop = chunk[start : start + self._left]
            self._left -= len(drop)
            start += len(drop)
            yield Send(drop)

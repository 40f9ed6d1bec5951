"""A reply without its end."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import END, Action, ByteFault, Examples, Fin, Presentation, Send, fault
from fake_servers.quantities import ByteCount


@fault("truncate")
class Truncate(ByteFault):
    """The last ``drop`` bytes of the reply are missing; then the connection is closed in order (FIN).

    Unlike ``fin_after`` it needs no knowledge of the reply's length: head and nearly all of the body arrive. A reply no longer
    than ``drop`` is lost whole. The service did its work before.

    Attributes:
        drop: Bytes missing at the end, at least 1.
    """

    examples: ClassVar[Examples] = ({"drop": "1 byte"},)

    drop: Annotated[ByteCount, Field(gt=0)]

    def stream(self, rng: Random) -> "Truncating":
        return Truncating(self.drop)

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST


class Truncating:
    """Holds the last ``drop`` bytes back, as long as it is not known whether they are the last."""

    def __init__(self, drop: int) -> None:
        self._drop = drop
        self._held = bytearray()

    def feed(self, chunk: bytes) -> Iterator[Action]:
        if chunk == END:
            yield Fin()
            return
        self._held += chunk
        surplus = len(self._held) - self._drop
        if surplus > 0:
            passed = bytes(self._held[:surplus])
            del self._held[:surplus]
            yield Send(passed)

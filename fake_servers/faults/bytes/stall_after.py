"""A pause in the middle of a reply."""

from collections.abc import Iterator
from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Action, ByteFault, Examples, Presentation, Send, Wait, fault
from fake_servers.faults.bytes.patience import slow_or_silent
from fake_servers.quantities import ByteCount, Seconds


@fault("stall_after")
class StallAfter(ByteFault):
    """After ``after_bytes`` bytes of the reply nothing moves for ``stall``; then the rest arrives.

    A client that waits long enough succeeds; one whose time limit is shorter meets silence. The service did its work before
    the pause. A reply with no byte beyond ``after_bytes`` passes undisturbed.

    Attributes:
        after_bytes: Bytes of the reply, head included, that arrive before the pause.
        stall: How long the pause is.
    """

    examples: ClassVar[Examples] = ({"after_bytes": "120 bytes", "stall": "5 s"}, {"after_bytes": "0 bytes", "stall": "2 min"})

    after_bytes: ByteCount
    stall: Annotated[Seconds, Field(gt=0)]

    def stream(self, rng: Random) -> "Stalling":
        return Stalling(self.after_bytes, self.stall)

    def presents_as(self) -> Presentation:
        return slow_or_silent(self.stall)


class Stalling:
    """Waits once, before the first byte beyond ``length``: a pause that holds nothing up would be none."""

    def __init__(self, length: int, stall_s: float) -> None:
        self._left = length
        self._stall_s = stall_s
        self._stalled = False

    def feed(self, chunk: bytes) -> Iterator[Action]:
        before, beyond = (b"", chunk) if self._stalled else (chunk[: self._left], chunk[self._left :])
        self._left -= len(before)
        if before:
            yield Send(before)
        if beyond and not self._stalled:
            self._stalled = True
            yield Wait(self._stall_s)
        if beyond:
            yield Send(beyond)

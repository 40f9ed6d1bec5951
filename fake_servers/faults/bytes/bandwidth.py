"""A narrow line."""

from random import Random
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import ByteFault, Examples, Presentation, fault
from fake_servers.faults.bytes.drip import Dripping
from fake_servers.quantities import ByteCount

PIECE_S = 0.05
"""A line carries what it can in so long, and then the next piece: short enough that nobody sees steps."""


@fault("bandwidth")
class Bandwidth(ByteFault):
    """No more than ``rate`` bytes of the reply pass in a second, evenly, and in the end it is whole.

    How long it takes follows from the reply's length, as on a real line: a license passes where an upgrade times out. The
    service did its work before. A reply of less than a twentieth of ``rate`` passes undisturbed.

    Attributes:
        rate: Bytes that pass in a second, at least 1.
    """

    examples: ClassVar[Examples] = ({"rate": "1 KB"},)

    rate: Annotated[ByteCount, Field(gt=0)]

    def stream(self, rng: Random) -> Dripping:
        piece = max(1, int(self.rate * PIECE_S))
        return Dripping(piece, piece / self.rate)

    def presents_as(self) -> Presentation:
        return Presentation.SLOW

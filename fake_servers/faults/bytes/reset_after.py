"""A reply that ends in a reset."""

from random import Random
from typing import ClassVar

from fake_servers.faults.base import ByteFault, Examples, Presentation, Reset, fault
from fake_servers.faults.bytes.prefix import Prefix
from fake_servers.quantities import ByteCount


@fault("reset_after")
class ResetAfter(ByteFault):
    """The connection is reset (RST) once ``after_bytes`` bytes of the reply have left the server.

    The service did its work before the cut: a license may exist that the client never saw whole. An honest client reports
    neither success nor refusal, and repeats the request as its protocol says. A reply shorter than ``after_bytes`` passes
    undisturbed.

    Attributes:
        after_bytes: Bytes of the reply, head included, that still arrive; 0 resets at once.
    """

    examples: ClassVar[Examples] = ({"after_bytes": "120 bytes"},)

    after_bytes: ByteCount

    def stream(self, rng: Random) -> Prefix:
        return Prefix(self.after_bytes, Reset())

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST

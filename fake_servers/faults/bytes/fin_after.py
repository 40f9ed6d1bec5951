"""A reply that ends early, in good manners."""

from random import Random
from typing import ClassVar

from fake_servers.faults.base import ByteFault, Examples, Fin, Presentation, fault
from fake_servers.faults.bytes.prefix import Prefix
from fake_servers.quantities import ByteCount


@fault("fin_after")
class FinAfter(ByteFault):
    """The connection is closed in order (FIN) once ``after_bytes`` bytes of the reply have left the server.

    The client reads an end of stream where the head promised more: only a client that counts can tell. The service did its
    work before the cut. A reply shorter than ``after_bytes`` passes undisturbed.

    Attributes:
        after_bytes: Bytes of the reply, head included, that still arrive; 0 closes at once.
    """

    examples: ClassVar[Examples] = ({"after_bytes": "120 bytes"},)

    after_bytes: ByteCount

    def stream(self, rng: Random) -> Prefix:
        return Prefix(self.after_bytes, Fin())

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST

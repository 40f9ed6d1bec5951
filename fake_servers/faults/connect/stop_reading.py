"""The server takes nothing."""

from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import ConnectFault, Examples, Presentation, StopReading, fault
from fake_servers.faults.bytes.patience import slow_or_silent
from fake_servers.quantities import Seconds


@fault("stop_reading")
class StopsReading(ConnectFault):
    """The connection is accepted, and not one byte of the request is read for ``stall``; then all goes on.

    A small request disappears in the kernels between, and its sender waits for a reply; a large one fills them, and its sender
    cannot even finish sending: a time limit for the reply alone never begins to count. Over TLS the handshake is still done.
    The service does its work after the pause, for whoever is still there.

    Attributes:
        stall: How long nothing is read.
    """

    examples: ClassVar[Examples] = ({"stall": "2 s"}, {"stall": "2 min"})

    stall: Annotated[Seconds, Field(gt=0)]

    def on_connect(self) -> StopReading:
        return StopReading(self.stall)

    def presents_as(self) -> Presentation:
        return slow_or_silent(self.stall)

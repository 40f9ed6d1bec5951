"""The device is without a network."""

from typing import Any, ClassVar

from harness.device.event import Ability, Device, LastingEvent, device_event
from harness.status.reason import Reason

UNHEARD = frozenset({Reason.TIMED_OUT, Reason.CONNECTION_LOST, Reason.NAME_NOT_RESOLVED, Reason.TLS_FAILED})
"""How it may be called when nothing gets through and nobody says why."""


@device_event("offline")
class Offline(LastingEvent):
    """The device is without a network, as in a tunnel: nothing it sends arrives, and nothing gets to it.

    Nobody is told. Connections stay open and silent; after a short time offline they go on as soon as TCP sends again, which it
    does at growing distances. New ones are not answered, nor are look-ups of names.

    Attributes:
        for_s: How long; up to the end of the run if absent.
    """

    needs: ClassVar[frozenset[Ability]] = frozenset({"network"})
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({"for": "2 s"}, {"for": "20 s"}, {"for": "2 min"})

    async def begin(self, device: Device) -> None:
        await device.go_offline()

    async def end(self, device: Device) -> None:
        await device.go_online()

    def reasons(self) -> frozenset[Reason]:
        return UNHEARD

    def aftermath(self) -> frozenset[Reason]:
        return UNHEARD  # a connection may sleep on long after the network is there again

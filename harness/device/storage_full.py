"""Nothing more can be stored."""

from typing import Any, ClassVar

from harness.device.event import Ability, Device, LastingEvent, device_event
from harness.status.reason import Reason


@device_event("storage_full")
class StorageFull(LastingEvent):
    """The device's storage is full: whatever the client wants to store cannot be stored, and what is there stays.

    Attributes:
        for_s: How long; up to the end of the run if absent.
    """

    needs: ClassVar[frozenset[Ability]] = frozenset({"storage"})
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({}, {"for": "10 s"})

    async def begin(self, device: Device) -> None:
        await device.fill_storage()

    async def end(self, device: Device) -> None:
        await device.free_storage()

    def reasons(self) -> frozenset[Reason]:
        return frozenset({Reason.STORAGE_FAILED})

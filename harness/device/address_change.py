"""The device gets another address."""

from typing import ClassVar

from harness.device.event import Ability, Device, DeviceEvent, device_event
from harness.device.offline import UNHEARD
from harness.status.reason import Reason


@device_event("address_change")
class AddressChange(DeviceEvent):
    """The device gets another address, as on the way from Wi-Fi to a mobile network.

    Its connections die without a word: neither side hears anything any more. New ones are made from the new address, and work.
    """

    needs: ClassVar[frozenset[Ability]] = frozenset({"address"})

    async def begin(self, device: Device) -> None:
        await device.change_address()

    def reasons(self) -> frozenset[Reason]:
        return UNHEARD

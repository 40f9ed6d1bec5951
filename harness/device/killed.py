"""The client is killed, and started again."""

from typing import Any, ClassVar

from harness.device.event import Ability, Device, LastingEvent, device_event


@device_event("killed")
class Killed(LastingEvent):
    """The client is killed in the middle of what it does, as by a system that needs its memory, and started again later.

    It can neither say nor store anything more. Its connections are closed by its system. Once it is started again, with what it
    had stored, the application asks it for the same operation as before.

    Attributes:
        for_s: How long until it is started again; it stays dead if absent.
    """

    needs: ClassVar[frozenset[Ability]] = frozenset({"life"})
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({"for": "1 s"}, {"for": "30 s"})

    async def begin(self, device: Device) -> None:
        await device.kill()

    async def end(self, device: Device) -> None:
        await device.restart()

"""What a device event is: a frozen value with validated parameters, and what it does to the device.

An event never touches a network, a disk or a process: it tells a :class:`Device` what shall become of it, and whoever runs the
world makes that so, or has refused before the run. To add one: one file, one class, ``@device_event("name")``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar, Literal, Protocol, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from fake_servers.errors import RegistrationError
from fake_servers.faults.base import BOTH_NETWORKS, SIMULATED_ONLY, Network
from fake_servers.quantities import Seconds
from fake_servers.registry import Registry
from harness.status.reason import Reason

Ability = Literal["network", "address", "storage", "life"]
"""What of a device an event needs to have in its hands. Which tiers and clients give it, ``harness.runner.reach`` says."""

# fmt: off
REACH: dict[Ability, frozenset[Network]] = {
    "network": SIMULATED_ONLY,  # no program may hold back what a socket of its own sends, and the loopback interface stays up
    "address": SIMULATED_ONLY,  # the loopback interface has one
    "storage": BOTH_NETWORKS,   # of clients that let it be filled
    "life":    BOTH_NETWORKS,   # of clients that can be killed
}
"""The networks on which it can be had in earnest."""
# fmt: on


class Device(Protocol):
    """The device that a client runs on."""

    async def go_offline(self) -> None:
        """Nothing that it sends gets anywhere, and nothing gets to it."""

    async def go_online(self) -> None:
        """Undo ``go_offline``. What was said once is undone once."""

    async def change_address(self) -> None:
        """It has another address from now on; its connections die without a word."""

    async def fill_storage(self) -> None:
        """Nothing more can be stored on it."""

    async def free_storage(self) -> None:
        """Undo ``fill_storage``."""

    async def kill(self) -> None:
        """The client is gone at once, without a chance to say or store anything."""

    async def restart(self) -> None:
        """The client is started again with what it had stored, and asked for the same operation as before."""


class DeviceEvent(BaseModel):
    """Something that happens to the device. Subclass it and decorate with ``@device_event("name")``.

    Attributes:
        needs: What of the device it needs to have in its hands.
        examples: Parameters worth trying, as a scenario would write them. Searches begin with them, docs and tests show them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", populate_by_name=True)

    name: ClassVar[str]
    needs: ClassVar[frozenset[Ability]]
    examples: ClassVar[tuple[dict[str, Any], ...]] = ({},)

    async def begin(self, device: Device) -> None:
        """It happens."""
        raise NotImplementedError(f"{type(self).__name__} must say what happens")  # refused by @device_event at import

    def reasons(self) -> frozenset[Reason]:
        """What an honest client may name as the reason of a failure from then on."""
        return frozenset()


class LastingEvent(DeviceEvent):
    """One that may be over some time.

    Attributes:
        for_s: How long it lasts; ``for`` in YAML. Up to the end of the run if absent.
    """

    for_s: Seconds | None = Field(default=None, alias="for", gt=0)

    async def end(self, device: Device) -> None:
        """It is over."""
        raise NotImplementedError(f"{type(self).__name__} must say how it ends")

    def aftermath(self) -> frozenset[Reason]:
        """What an honest client may still name once it is over."""
        return frozenset()


EVENTS: Registry[type[DeviceEvent]] = Registry("device event", entry_point_group="drm_harness.device_events")

E = TypeVar("E", bound=type[DeviceEvent])


def device_event(name: str) -> Callable[[E], E]:
    """Register a class under the name that scenarios use.

    Raises:
        RegistrationError: The class is no device event, has no docstring, does not say what it needs, or misses a hook.
    """

    def register(cls: E) -> E:
        if not issubclass(cls, DeviceEvent):
            raise RegistrationError(f"device event {name!r}: {cls.__name__} must extend DeviceEvent or LastingEvent")
        if not cls.__doc__ or cls.__doc__ in (DeviceEvent.__doc__, LastingEvent.__doc__):
            raise RegistrationError(f"device event {name!r}: {cls.__name__} needs a docstring; lists and docs are made from it")
        if not hasattr(cls, "needs"):
            raise RegistrationError(f"device event {name!r}: {cls.__name__} must say what of the device it 'needs'")
        if cls.begin is DeviceEvent.begin:
            raise RegistrationError(f"device event {name!r}: {cls.__name__} must define begin()")
        if issubclass(cls, LastingEvent) and cls.end is LastingEvent.end:
            raise RegistrationError(f"device event {name!r}: {cls.__name__} must define end()")
        cls.name = name
        EVENTS.add(name, cls)
        return cls

    return register

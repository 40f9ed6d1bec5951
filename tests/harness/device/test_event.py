"""What is refused where an event is declared, and how a third party's joins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

import pytest

import harness.device  # noqa: F401 - importing it registers the house's events
from fake_servers import registry
from fake_servers.errors import RegistrationError
from harness.device.event import EVENTS, Ability, Device, DeviceEvent, LastingEvent, device_event
from harness.scenario.load import read_scenario

NETWORK: frozenset[Ability] = frozenset({"network"})


class Bare(DeviceEvent):
    needs: ClassVar[frozenset[Ability]] = NETWORK

    async def begin(self, device: Device) -> None:
        await device.go_offline()


class Needless(DeviceEvent):
    """It happens."""

    async def begin(self, device: Device) -> None:
        await device.go_offline()


class Idle(DeviceEvent):
    """Nothing happens."""

    needs: ClassVar[frozenset[Ability]] = NETWORK


class Endless(LastingEvent):
    """It begins."""

    needs: ClassVar[frozenset[Ability]] = NETWORK

    async def begin(self, device: Device) -> None:
        await device.go_offline()


@pytest.mark.parametrize(
    ("kind", "says"),
    [
        (Bare, "needs a docstring"),
        (Needless, "must say what of the device it 'needs'"),
        (Idle, r"must define begin\(\)"),
        (Endless, r"must define end\(\)"),
        (str, "must extend DeviceEvent or LastingEvent"),
    ],
)
def test_a_half_declared_event_is_refused_where_it_is_declared(kind: type[DeviceEvent], says: str) -> None:
    with pytest.raises(RegistrationError, match=says):
        device_event("half")(kind)
    assert "half" not in EVENTS


def test_a_name_is_given_once() -> None:
    with pytest.raises(RegistrationError, match="registered twice"):
        device_event("offline")(Announced)


def test_examples_of_every_event_are_what_it_takes() -> None:
    for event in EVENTS.values():
        for example in event.examples:
            assert event.model_validate(example).needs, event.name


class Announced(LastingEvent):
    """The device is carried from one network to another, without either on the way."""

    needs: ClassVar[frozenset[Ability]] = frozenset({"network", "address"})

    async def begin(self, device: Device) -> None:
        await device.go_offline()

    async def end(self, device: Device) -> None:
        await device.change_address()
        await device.go_online()


@pytest.fixture
def another_house(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Another package announces an event of its own."""

    class Announcement:
        name = "acme"

        @staticmethod
        def load() -> None:
            device_event("carried")(Announced)

    def announced(group: str) -> list[type[Announcement]]:
        return [Announcement] if group == "drm_harness.device_events" else []

    monkeypatch.setattr(registry, "entry_points", announced)
    monkeypatch.setattr(EVENTS, "_joined", False)
    yield
    EVENTS._items.pop("carried", None)


@pytest.mark.usefixtures("another_house")
def test_an_event_of_another_house_can_be_written_into_a_scenario() -> None:
    scenario = read_scenario(
        "{about: From the train to the bus., operation: license_acquisition, expect: {outcome: succeeded}, "
        "device: [{when: connecting, event: carried, for: 4 s}]}"
    )
    (step,) = scenario.device
    assert isinstance(step.event, Announced)
    assert step.event.for_s == 4.0

"""The device of one run: carries out what the scenario lets happen to it, and keeps account of it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from typing import Literal, cast

from fake_servers.faults.script import Fate
from harness.adapters.protocol import ClientUnderTest, Filling, Mortal
from harness.device.event import DeviceEvent, LastingEvent
from harness.scenario.model import DeviceStep
from harness.status.message import StatusMessage
from harness.trace.entry import DeviceChanged
from harness.world.world import World

Change = Literal["began", "ended"]


@dataclass(frozen=True, slots=True)
class Happening:
    """A moment of a scenario's device: a step begins, or is over."""

    step: int
    change: Change


class WorldDevice:
    """What events act on: the world's network and the client under test."""

    def __init__(self, world: World, client: ClientUnderTest, start_again: Callable[[], Awaitable[None]]) -> None:
        self._world = world
        self._client = client
        self._start_again = start_again
        self._full = 0
        self.is_killed = False

    async def go_offline(self) -> None:
        self._world.go_offline()

    async def go_online(self) -> None:
        self._world.go_online()

    async def change_address(self) -> None:
        self._world.change_address()

    async def fill_storage(self) -> None:
        self._full += 1
        await cast("Filling", self._client).fill_storage(True)

    async def free_storage(self) -> None:
        self._full -= 1
        await cast("Filling", self._client).fill_storage(self._full > 0)

    async def kill(self) -> None:
        if not self.is_killed:
            self.is_killed = True
            await cast("Mortal", self._client).kill()

    async def restart(self) -> None:
        if self.is_killed:
            self.is_killed = False
            await self._start_again()
            if self._full:
                await cast("Filling", self._client).fill_storage(True)


class Timeline:
    """What happens to the device, and when.

    Args:
        put: Takes each moment when it has come; whoever carries it out calls :meth:`carry_out`.
    """

    def __init__(self, world: World, device: WorldDevice, put: Callable[[Happening], None]) -> None:
        self._world = world
        self._steps: tuple[DeviceStep, ...] = world.scenario.device
        self._device = device
        self._put = put
        self._awaiting = [step.when for step in self._steps]
        self._lasting: set[int] = set()
        self._fates = [Fate.NOT_REACHED] * len(self._steps)
        self.planned = 0

    def begin(self) -> None:
        """Time zero."""
        for place, step in enumerate(self._steps):
            if step.at is not None:
                self._plan(Happening(place, "began"), step.at + step.after)

    def awaits(self, status: StatusMessage) -> bool:
        """Whether a step still waits for it."""
        return status.phase in self._awaiting

    def meets(self, status: StatusMessage) -> None:
        """A phase may be the moment that a step waits for."""
        if status.phase in self._awaiting:
            place = self._awaiting.index(status.phase)
            self._awaiting[place] = None
            self._plan(Happening(place, "began"), self._steps[place].after)

    async def carry_out(self, happening: Happening, *, under_way: bool) -> None:
        """It happens now."""
        self.planned -= 1
        place, event = happening.step, self._steps[happening.step].event
        if happening.change == "began":
            self._fates[place] = Fate.UNFIRED
            if isinstance(event, LastingEvent):
                self._lasting.add(place)
                if event.for_s is not None:
                    self._plan(Happening(place, "ended"), event.for_s)
            if under_way:
                self.round_is_under_way(place)
            self._record(place, event, "began")
            await event.begin(self._device)
        elif isinstance(event, LastingEvent):
            self._lasting.discard(place)
            self._record(place, event, "ended")
            await event.end(self._device)

    def round_is_under_way(self, *places: int) -> None:
        """A round meets these steps; without any, it begins, and meets all that last."""
        for place in places or sorted(self._lasting):
            self._fates[place] = Fate.FIRED

    def fates(self) -> Iterator[str]:
        """What became of each step, in the scenario's order; one that met no round has changed nothing."""
        return (fate.value for fate in self._fates)

    def _plan(self, happening: Happening, delay_s: float) -> None:
        self.planned += 1
        if delay_s:
            asyncio.get_running_loop().call_later(delay_s, self._put, happening)
        else:
            self._put(happening)  # a turn later the client may be a step further

    def _record(self, place: int, event: DeviceEvent, change: Change) -> None:
        reasons = event.reasons() if change == "began" else event.aftermath() if isinstance(event, LastingEvent) else ()
        self._world.recorder.record(
            DeviceChanged(
                step=place,
                event=event.name,
                change=change,
                needs=tuple(sorted(event.needs)),
                reasons=tuple(sorted(reasons)),
            )
        )

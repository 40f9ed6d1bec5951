"""The fixture ``world``: a scenario, to be played with the client under test or with code of the test's own."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import pytest

from harness.cli.selection import Planned
from harness.pytest_plugin.choice import choice_of, client_from_fixture, said_by_marker
from harness.pytest_plugin.playing import hold, played
from harness.runner.run import in_virtual_time
from harness.scenario.model import Scenario
from harness.trace.trace import Trace
from harness.world.world import World, open_world

T = TypeVar("T")

Main = Callable[[World], Coroutine[Any, Any, T]]


@dataclass(frozen=True, slots=True)
class ScenarioWorld:
    """Where a scenario happens, each time from its beginning.

    Attributes:
        planned: Scenario, client, network and seed.
    """

    planned: Planned
    _node: pytest.Item
    _folder: Path | None

    @property
    def scenario(self) -> Scenario:
        """What shall happen."""
        return self.planned.scenario

    def play(self, *, judged: bool = True) -> Trace:
        """Play the scenario with the client under test; what was seen.

        Args:
            judged: The test fails if a must-check is broken; else it is for the test to say what must be true.

        Raises:
            NotHeldError: A must-check is broken, or none could be judged.
        """
        __tracebackhide__ = True
        play = hold if judged else played
        return play(self.planned, self._node, self._folder).trace

    def run(self, main: Main[T]) -> T:
        """Run ``await main(world)`` while the services are up and fail as scripted, in virtual time on the simulated network.

        ``world.session.endpoints`` holds the URL of each exchange, ``world.recorder.entries`` what was seen so far.
        """
        planned = self.planned

        async def opened() -> T:
            async with open_world(planned.scenario, planned.network, planned.seed) as world:
                world.recorder.begin()
                world.session.begin()
                return await main(world)

        if planned.network == "loopback":
            return asyncio.run(opened())
        return in_virtual_time(opened, planned.scenario, planned.seed, who=self._node.name)


def scenario_world(request: pytest.FixtureRequest, file: Path, client: object) -> ScenarioWorld:
    """The world of a test."""
    choice = choice_of(request.config)
    node: pytest.Item = request.node
    planned = choice.planned(file, client_from_fixture(client), **said_by_marker(node))
    return ScenarioWorld(planned, node, choice.folder)

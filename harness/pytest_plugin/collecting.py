"""Scenario files as pytest collects them: an item for each client that is judged."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

NECESSARY = re.compile(rb"^(about|operation|expect)[ \t]*:", re.MULTILINE)
"""What every scenario has. A YAML file with two of the three is one, if perhaps a wrong one; any other is somebody else's."""

MOST_BYTES = 1 << 20


def scenario_file(path: Path, parent: pytest.Collector) -> ScenarioFile | None:
    """The collector of a scenario file; None if the file is none, unless it is named on the command line."""
    if parent.session.isinitpath(path) or is_scenario(path):
        return ScenarioFile.from_parent(parent, path=path)
    return None


def is_scenario(path: Path) -> bool:
    """Whether a file is meant as a scenario, right or wrong; it is read, and not parsed."""
    try:
        with path.open("rb") as file:
            return len(set(NECESSARY.findall(file.read(MOST_BYTES)))) >= 2
    except OSError:
        return False


class ScenarioFile(pytest.File):
    """A scenario file. Wrong ones are errors of the collection, with line and column."""

    def collect(self) -> Iterator[ScenarioItem]:
        from harness.errors import ScenarioError
        from harness.pytest_plugin.choice import choice_of
        from harness.scenario.load import load_scenario

        file = Path(os.path.relpath(self.path))
        choice = choice_of(self.config)
        try:
            scenario = load_scenario(file)
        except ScenarioError as error:
            raise self.CollectError(str(error)) from error
        for client in choice.clients:
            item = ScenarioItem.from_parent(self, name=client.name)
            item.extra_keyword_matches.update(scenario.tags, [scenario.operation.value])  # pytest -k smoke
            yield item


class ScenarioItem(pytest.Item):
    """A scenario with one client. It holds if every must-check that applies does."""

    def runtest(self) -> None:
        from harness.pytest_plugin.choice import choice_of
        from harness.pytest_plugin.playing import hold

        choice = choice_of(self.config)
        client = next(client for client in choice.clients if client.name == self.name)
        hold(choice.planned(Path(os.path.relpath(self.path)), client), self, choice.folder)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: str | None = None) -> Any:
        from harness.pytest_plugin.choice import REFUSALS
        from harness.pytest_plugin.playing import NotHeldError

        if isinstance(excinfo.value, NotHeldError):
            return excinfo.value.report
        if isinstance(excinfo.value, REFUSALS):
            return f"error: {excinfo.value}"
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[Path, None, str]:
        return self.path, None, f"{self.path.stem} with {self.name}"

"""Scenarios that broke a check once, kept in a database of Hypothesis's, so that they are played first the next time.

What is kept is the text of the shrunk scenario and not the bytes that it was drawn from: those mean something else as soon as a
fault is added, and a text says by itself what it is.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from hypothesis.database import ExampleDatabase

from harness.errors import ScenarioError
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario
from harness.scenario.write import scenario_text

Failures = tuple[type[Exception], ...]


class Known:
    """The known failures of one client. A database that fails is told of in ``trouble``, and ends nothing.

    Attributes:
        trouble: Why the database could not be used, the first time that it could not; empty if it could.
        unreadable: How many texts this version cannot read; they stay where they are.
    """

    def __init__(self, database: ExampleDatabase, client: str, failures: Failures = (OSError,)) -> None:
        self._database = database
        self._key = f"drm-harness explore: {client}".encode()
        self._failures = failures
        self.trouble = ""
        self.unreadable = 0

    def scenarios(self) -> list[Scenario]:
        """Those that this version can read, in an order that depends on nothing but their texts."""
        texts: list[str] = []
        with self._forgiving():
            texts = sorted(value.decode("utf-8", "replace") for value in self._database.fetch(self._key))
        return [scenario for text in texts for scenario in self._read(text)]

    def keep(self, scenario: Scenario) -> None:
        """It breaks a check."""
        with self._forgiving():
            self._database.save(self._key, scenario_text(scenario).encode())

    def forget(self, scenario: Scenario) -> None:
        """It breaks nothing any more."""
        with self._forgiving():
            self._database.delete(self._key, scenario_text(scenario).encode())

    def _read(self, text: str) -> Iterator[Scenario]:
        try:
            yield read_scenario(text)
        except ScenarioError:
            self.unreadable += 1

    @contextmanager
    def _forgiving(self) -> Iterator[None]:
        try:
            yield
        except self._failures as error:
            self.trouble = self.trouble or str(error) or type(error).__name__

"""Correct clients of different design pass every check that applies, in every scenario: checks ask for honesty only."""

import importlib
from functools import cache
from pathlib import Path

import pytest

from harness.checks.registry import CHECKS, Ruling
from harness.client.reference import ReferenceClient
from harness.runner.run import Run
from harness.scenario.model import Scenario
from tests.suite.playing import SIMULATED, MakesClient, play_all, problems

FOLDER = Path(__file__).resolve().parents[1] / "correct_clients"
CORRECT: dict[str, MakesClient] = {
    "reference": ReferenceClient,
    **{path.stem: importlib.import_module(f"tests.correct_clients.{path.stem}").Client for path in sorted(FOLDER.glob("*.py"))},
}


@cache
def played(name: str) -> tuple[tuple[Scenario, Run], ...]:
    return tuple(play_all(SIMULATED, CORRECT[name]))


def test_there_are_at_least_three_beside_the_reference() -> None:
    assert len(CORRECT) > 3


@pytest.mark.parametrize("name", CORRECT)
def test_a_correct_client_is_accused_of_nothing_and_no_doubt_is_left(name: str) -> None:
    assert problems(played(name)) == []


def test_every_check_is_put_to_the_test_by_some_scenario() -> None:
    passed = {each.check.id for _, run in played("reference") for each in run.verdicts if each.ruling is Ruling.PASSED}
    assert set(CHECKS) - passed == set()

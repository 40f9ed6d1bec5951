"""Moments of a request: numbers, ranges, stretches of time, chance and crowds; all that is said must be so."""

from dataclasses import dataclass
from random import Random
from typing import Any

import pytest
from pydantic import ValidationError

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.script import Fate, FaultScript, Rule, When
from fake_servers.services.decision import Exchange


@dataclass
class Here:
    """A place of which a test says everything."""

    elapsed_s: float = 0.0
    waiting: int = 1
    seed: int = 7

    def chance(self, position: int, exchange: Exchange, nth: int) -> Random:
        return Random(f"{self.seed}/{position}/{exchange}/{nth}")


def script(*whens: dict[str, Any], here: Here | None = None) -> FaultScript:
    """A script of resets, one for each moment."""
    rules = [Rule.model_validate({"when": when, "fault": "reset_after", "after_bytes": "0 bytes"}) for when in whens]
    made = FaultScript(tuple(rules))
    made.place = here or Here()
    return made


def met(made: FaultScript, requests: int) -> list[int]:
    """Which of so many license requests meet a fault."""
    return [nth for nth in range(1, requests + 1) if made.for_exchange(Exchange.LICENSE, nth)]


@pytest.mark.parametrize(
    ("nth", "numbers"), [(2, [2]), ([1, 3], [1, 3]), ("2 to 4", [2, 3, 4]), ("3 to 3", [3]), (None, [1, 2, 3, 4, 5, 6])]
)
def test_numbers_lists_and_ranges(nth: Any, numbers: list[int]) -> None:
    assert met(script({"exchange": "license", "nth": nth}), 6) == numbers


@pytest.mark.parametrize("nth", ["4 to 2", "2-4", "two to four", "0 to 2", 0])
def test_what_is_no_range_of_numbers_from_1_is_refused(nth: Any) -> None:
    with pytest.raises(ValidationError, match=r"write it like this: 2, or '2 to 4'|counts from 1"):
        When.model_validate({"exchange": "license", "nth": nth})


def test_for_forty_seconds_from_the_start_and_no_longer() -> None:
    here = Here()
    made = script({"exchange": "license", "for": "40 s"}, here=here)
    found = []
    for here.elapsed_s in (0.0, 39.9, 40.0, 100.0):
        found.append(bool(made.for_exchange(Exchange.LICENSE, 1)))
    assert found == [True, True, False, False]


def test_a_stretch_that_begins_later() -> None:
    here = Here()
    made = script({"exchange": "license", "from": "10 s", "for": "5 s", "nth": "2 to 9"}, here=here)
    found = []
    for here.elapsed_s, nth in ((9.9, 2), (10.0, 1), (10.0, 2), (14.9, 9), (15.0, 3)):
        found.append(bool(made.for_exchange(Exchange.LICENSE, nth)))
    assert found == [False, False, True, True, False]


def test_chance_meets_its_share_the_same_in_every_run_and_each_rule_by_itself() -> None:
    when = {"exchange": "license", "probability": 0.3}
    first = met(script(when), 2_000)
    assert 500 < len(first) < 700, "two thousand draws stray no further"
    assert first == met(script(when), 2_000)
    assert first != met(script(when, here=Here(seed=8)), 2_000)
    both = script(when, when)
    together = [len(both.for_exchange(Exchange.LICENSE, nth)) for nth in range(1, 2_001)]
    assert 120 < together.count(2) < 240, "nine in a hundred meet both"


def test_only_while_more_than_ten_are_waiting() -> None:
    here = Here()
    made = script({"exchange": "license", "waiting_more_than": 10}, here=here)
    found = []
    for here.waiting in (1, 10, 11, 200):
        found.append(bool(made.for_exchange(Exchange.LICENSE, 1)))
    assert found == [False, False, True, True]


def test_a_rule_whose_conditions_never_hold_was_not_reached() -> None:
    made = script({"exchange": "license", "waiting_more_than": 10}, {"exchange": "license"})
    met(made, 3)
    assert made.fates() == [Fate.NOT_REACHED, Fate.UNFIRED]


def test_a_stretch_of_time_of_an_exchange_is_no_window_of_a_port() -> None:
    assert script({"exchange": "license", "for": "40 s"}).windows() == []


@pytest.mark.parametrize(
    ("when", "complaint"),
    [
        ({"exchange": "license", "from": "1 s"}, "'from' needs 'for'"),
        ({"service": "license", "connection": 1, "probability": 0.5}, "go with 'exchange'"),
        ({"service": "license", "connection": 1, "waiting_more_than": 2}, "go with 'exchange'"),
        ({"exchange": "license", "connection": 1}, "goes with 'service'"),
        ({"exchange": "license", "probability": 0}, "greater than 0"),
        ({"exchange": "license", "probability": 1}, "less than 1"),
    ],
)
def test_what_goes_together_with_nothing_is_refused(when: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        When.model_validate(when)


def test_a_moment_survives_being_written_down_and_read_again() -> None:
    when = {"exchange": "license", "nth": "2 to 4", "from": "1 s", "for": "40 s", "probability": 0.25, "waiting_more_than": 3}
    (rule,) = script(when).rules
    assert Rule.model_validate(rule.model_dump(mode="json")) == rule

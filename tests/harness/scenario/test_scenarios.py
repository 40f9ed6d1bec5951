"""The scenarios that come with the harness: all can be read, none is missing, and each is true of what its faults allow."""

import re
from collections import Counter

import pytest

from fake_servers.faults.base import FAULTS, Presentation
from harness.scenario.library import find, scenario_root
from harness.scenario.load import load_scenario
from harness.scenario.model import Do, Moment, Outcome, Scenario
from harness.status.operation import Operation
from harness.status.reason import HONEST_REASONS, Reason

SCENARIOS = [load_scenario(path) for path in find([])]
SMOKE = [scenario for scenario in SCENARIOS if "smoke" in scenario.tags]

each_scenario = pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])


def retries(scenario: Scenario) -> int:
    return sum(action.times for action in scenario.user if action.when is Moment.RETRY_OFFERED and action.do is Do.RETRY)


def ends(scenario: Scenario) -> bool:
    """Whether its trouble passes: no fault meets every request, and none lasts for longer than a user would try."""
    return all(
        bool(rule.when.nths) or rule.when.connection is not None or (rule.when.for_s or 0) < 10 for rule in scenario.faults
    )


def test_there_are_enough_of_them() -> None:
    assert len(SCENARIOS) >= 28


def test_every_fault_is_used() -> None:
    used = {rule.fault.name for scenario in SCENARIOS for rule in scenario.faults}
    assert set(FAULTS) <= used


@pytest.mark.parametrize("operation", Operation)
def test_every_operation_has_the_scenario_that_its_first_tries_fail_and_a_later_one_works(operation: Operation) -> None:
    [scenario] = [each for each in SCENARIOS if each.operation is operation and "seed" in each.tags]
    assert scenario.name == f"{operation}/first_tries_fail"
    assert scenario.faults
    assert retries(scenario) >= 3
    assert scenario.expect.outcomes == (Outcome.SUCCEEDED,)


def test_a_scenario_lies_in_the_folder_of_its_operation() -> None:
    assert [each.name for each in SCENARIOS if not each.name.startswith((f"{each.operation}/", "regressions/"))] == []
    assert {path.name for path in scenario_root().iterdir()} <= {*Operation, "regressions", "README.md"}


def test_no_two_say_the_same_and_each_says_one_sentence() -> None:
    assert [about for about, count in Counter(each.about for each in SCENARIOS).items() if count > 1] == []
    assert [each.name for each in SCENARIOS if not re.fullmatch(r"[^.]+\.", each.about)] == []


NO_TROUBLE = (Presentation.SLOW, Presentation.HARMLESS, Presentation.PARTIAL_LIST)
SOURCE = re.compile(r"[\w.-]+/[\w.-]+#\d+|RFC \d+, [\d.]+|Windows Media Format SDK, [\w ]+: [A-Z_]+")


@each_scenario
def test_a_client_without_automatic_retry_gets_through_when_the_trouble_is_over(scenario: Scenario) -> None:
    if not ends(scenario) or Outcome.SUCCEEDED not in scenario.expect.outcomes:
        return
    troubled = sum(len(rule.when.nths) or 1 for rule in scenario.faults)
    no_trouble = all(rule.fault.presents_as() in NO_TROUBLE for rule in scenario.faults)
    assert no_trouble or retries(scenario) > troubled


@each_scenario
def test_an_expected_failure_allows_every_reason_that_is_honest_for_its_faults(scenario: Scenario) -> None:
    """Unless the faults pass by, and only another thing can make it fail."""
    if Outcome.FAILED not in scenario.expect.outcomes or not scenario.faults or ends(scenario):
        return
    honest: set[Reason] = set()
    for rule in scenario.faults:
        if not rule.when.nths and rule.when.connection is None:
            honest |= HONEST_REASONS[rule.fault.presents_as()]
    assert honest <= set(scenario.expect.reasons)


@each_scenario
def test_an_end_that_may_be_a_failure_says_for_which_reasons(scenario: Scenario) -> None:
    assert scenario.expect.reasons or set(scenario.expect.outcomes) <= {Outcome.SUCCEEDED, Outcome.CANCELLED}


def test_smoke_is_short_and_most_of_it_can_be_asked_of_a_command_such_as_curl() -> None:
    assert len(SMOKE) <= 12
    simple = [each for each in SMOKE if each.dialect == "clearkey" and each.operation is Operation.LICENSE_ACQUISITION]
    assert len(simple) >= 8
    for scenario in SMOKE:
        assert not scenario.world.tls
        assert scenario.given.silent
        assert all(action.after <= 3 and action.do is Do.RETRY for action in scenario.user), scenario.name


def test_smoke_takes_less_than_a_minute_of_real_time() -> None:
    """Generously: each pause of the user, each wait of a fault, a second and a half to start a program and watch it end."""
    total = 0.0
    for scenario in SMOKE:
        requests = 1 + sum(len(rule.when.nths) or 1 for rule in scenario.faults)
        waits = sum(getattr(rule.fault, "delay", 0.0) for rule in scenario.faults)
        total += 1.5 * requests + waits + sum(action.after for action in scenario.user)
    assert total < 60


def test_sources_are_threads_and_clauses_that_can_be_looked_up() -> None:
    sources = {each.source for each in SCENARIOS if each.source}
    assert [source for source in sources if not SOURCE.fullmatch(source)] == []
    assert sources >= {
        "androidx/media#2404",
        "google/ExoPlayer#8241",
        "google/ExoPlayer#5129",
        "shaka-project/shaka-player#9638",
        "shaka-project/shaka-player#5176",
        "Dash-Industry-Forum/dash.js#4690",
        "Dash-Industry-Forum/dash.js#2808",
    }

"""What is found becomes as small as it gets: nothing of it can be left out, however it was found and whatever a run costs."""

from __future__ import annotations

from collections.abc import Callable
from itertools import count, islice

import pytest
from hypothesis import find, settings

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS
from fake_servers.faults.script import Rule, When
from fake_servers.services.decision import Exchange
from harness.client.reference import ReferenceClient
from harness.explore.decoder import menu_for
from harness.explore.explorer import Play, broken
from harness.explore.generator import generated
from harness.explore.grounds import GROUNDS
from harness.explore.histories import History, scenario_of
from harness.explore.sentences import sentence
from harness.explore.shrinking import Effort, candidates, is_sound, shrink
from harness.explore.strategies import scenarios
from harness.runner import Run, run
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario, Settings
from harness.scenario.write import scenario_text
from harness.tiers.tier import why_not
from tests.flawed_clients.catalogue import MUTANTS, Mutant
from tests.suite.playing import ON_EVERY_TIER

DRAWN = [
    scenario_of(history, found_by="explored") for _, history in islice(generated(menu_for(ReferenceClient.profile), 0), 40)
]
"""What is drawn first; what none of them shows, a scenario of the library does, which is as good to begin with."""

QUICK = tuple(mutant for mutant in MUTANTS if not why_not(mutant.client(), "message"))
"""All but the few that need more of the wire, and time."""


def player(make: Callable[[], object], tier: str = "model") -> Play:
    def play(scenario: Scenario) -> Run:
        return run(scenario, make, client_name="c", adapter="python", network="simulated", tier=tier)  # type: ignore[arg-type]

    return play


def reply_lost(nth: int) -> Rule:
    return Rule(when=When(exchange=Exchange.LICENSE, nth=nth), fault=FAULTS["status"].model_validate({"status": 500}))


LONG = scenario_of(History(GROUNDS["silent"], ())).model_copy(update={"faults": tuple(map(reply_lost, (1, 2, 3, 4)))})


@pytest.mark.parametrize("mutant", QUICK, ids=lambda mutant: mutant.name)
def test_no_fault_and_no_act_of_what_a_flawed_client_breaks_can_be_removed(mutant: Mutant) -> None:
    play = player(mutant.client, "message" if why_not(mutant.client(), "model") else "model")
    check = mutant.caught_by if mutant.caught_by != "EXPECT-001" else mutant.and_by[0]
    first = next(scenario for scenario in (*DRAWN, *ON_EVERY_TIER) if broken(play(scenario), check))
    shrunk = shrink(first, lambda scenario: broken(play(scenario), check) is not None)
    smallest = shrunk.scenario
    assert shrunk.is_minimal
    assert broken(play(smallest), check)
    for part in ("faults", "user"):
        whole = getattr(smallest, part)
        for place in range(len(whole)):
            without = smallest.model_copy(update={part: whole[:place] + whole[place + 1 :]})
            assert not is_sound(without) or not broken(play(without), check), (part, place)
    named = smallest.model_copy(update={"about": sentence(smallest, check), "name": "unnamed", "tags": ("explored", check)})
    again = read_scenario(scenario_text(named))
    assert broken(play(again), check)
    assert broken(player(mutant.client, "wire")(again), check)
    if len(mutant.needs) > 1:
        assert events(again) > 1, again.about


def events(scenario: Scenario) -> int:
    """What happens in it beside what goes without saying: faults, acts, and what is special about the situation."""
    plain = [ground.given for ground in GROUNDS.values() if ground.operation is scenario.operation]
    special = (scenario.given not in plain) + (scenario.settings != Settings())
    fired = sum(max(1, len(rule.when.nths)) for rule in scenario.faults)
    return fired + len(scenario.user) + special


def test_a_scenario_that_needs_two_faults_keeps_two_at_their_earliest() -> None:
    shrunk = shrink(LONG, lambda scenario: len(scenario.faults) >= 2)
    assert [rule.when.nth for rule in shrunk.scenario.faults] == [1, 1]
    assert (shrunk.scenario.user, shrunk.is_minimal, shrunk.broke) == ((), True, (1, 1))


def test_numbers_become_round() -> None:
    slow = Rule(
        when=When(exchange=Exchange.LICENSE, nth=1),
        fault=FAULTS["stall_after"].model_validate({"after_bytes": "317 bytes", "stall": "47.3 s"}),
    )
    shrunk = shrink(
        LONG.model_copy(update={"faults": (slow,)}),
        lambda scenario: bool(scenario.faults) and getattr(scenario.faults[0].fault, "stall", 0.0) > 12,
    )
    assert shrunk.scenario.faults[0].fault.model_dump(mode="json") == {"after_bytes": "0 bytes", "stall": "20 s"}


def test_where_runs_differ_each_candidate_has_several_tries_and_the_result_is_counted() -> None:
    turns = count()
    shrunk = shrink(LONG, lambda scenario: bool(scenario.faults) and next(turns) % 3 == 0, Effort(tries=3))
    assert len(shrunk.scenario.faults) == 1
    assert shrunk.broke[1] == 3
    assert shrunk.is_flaky


def test_spent_effort_is_said_and_the_smallest_so_far_is_kept() -> None:
    shrunk = shrink(LONG, lambda scenario: len(scenario.faults) >= 1, Effort(runs=3))
    assert (shrunk.is_minimal, shrunk.runs) == (False, 4)
    assert len(shrunk.scenario.faults) < 4
    over = shrink(LONG, lambda scenario: True, Effort(is_over=lambda: True))
    assert (over.scenario, over.is_minimal) == (LONG, False)


def test_candidates_are_sound_and_differ() -> None:
    found = list(candidates(LONG))
    assert len(found) > 10
    assert all(is_sound(each) and each != LONG for each in found)


def test_hypothesis_shrinks_the_same_bytes_to_a_plain_scenario() -> None:
    found = find(
        scenarios(ReferenceClient.profile),
        lambda scenario: any(rule.fault.name == "captive_portal" for rule in scenario.faults),
        settings=settings(max_examples=2_000, database=None, derandomize=True),
    )
    assert "captive_portal" in [rule.fault.name for rule in found.faults]
    assert len(found.faults) <= 2
    assert found.settings == LONG.settings

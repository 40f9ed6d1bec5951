"""Each flawed client fails the checks of its catalogue entry in some scenario, and no other check in any.

A client that the model tier can drive plays the whole library there, and every third scenario of it on the wire.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from harness.checks.registry import CHECKS
from harness.runner.run import Run
from harness.scenario.model import Scenario
from harness.tiers.tier import why_not
from tests.flawed_clients import catalogue
from tests.flawed_clients.catalogue import MUTANTS, Mutant
from tests.suite.playing import BEYOND_SIMULATION, ON_EVERY_TIER, SIMULATED, failures, play_all, play_on_loopback

SHARES = 3


def played(mutant: Mutant) -> Iterator[tuple[Scenario, Run]]:
    """In virtual time: on the wire what the model tier cannot play, and a share of the rest."""
    if why_not(mutant.client(), "model"):
        yield from play_all(SIMULATED, mutant.client)
        return
    share = ON_EVERY_TIER[MUTANTS.index(mutant) % SHARES :: SHARES]
    beyond = [scenario for scenario in SIMULATED if scenario not in ON_EVERY_TIER]
    yield from play_all(ON_EVERY_TIER, mutant.client, "model")
    yield from play_all([*share, *beyond], mutant.client)


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_a_flawed_client_fails_what_its_bug_breaks_and_nothing_else(mutant: Mutant) -> None:
    seen = failures(played(mutant))
    if mutant.caught - set(seen):  # what the simulated network cannot show is looked for on real sockets
        seen |= failures(play_on_loopback(BEYOND_SIMULATION, mutant.client))
    unexpected = {check: said for check, said in seen.items() if check not in mutant.caught}
    unseen = sorted(mutant.caught - set(seen))
    assert (unexpected, unseen) == ({}, [])


def test_every_check_names_the_bug_of_some_flawed_client() -> None:
    house = {check for check in CHECKS if "." not in check}
    assert house - {mutant.caught_by for mutant in MUTANTS} == set()


def test_every_flawed_client_stands_in_the_catalogue_once() -> None:
    modules = {path.stem for path in Path(catalogue.__file__).parent.glob("*.py")} - {"catalogue"}
    names = [mutant.name for mutant in MUTANTS]
    assert sorted(names) == sorted(modules)


@pytest.mark.parametrize("mutant", MUTANTS, ids=[mutant.name for mutant in MUTANTS])
def test_an_entry_is_complete(mutant: Mutant) -> None:
    assert mutant.caught <= set(CHECKS)
    assert mutant.caught_by not in mutant.and_by
    assert bool(mutant.and_by) == bool(mutant.because)
    assert "\n" not in mutant.bug
    assert mutant.client().profile.name == mutant.name


def test_ten_bugs_and_more_need_two_particular_events() -> None:
    assert all(len(mutant.needs) in (0, 2) for mutant in MUTANTS)
    assert sum(bool(mutant.needs) for mutant in MUTANTS) >= 10

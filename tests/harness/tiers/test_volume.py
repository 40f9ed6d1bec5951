"""The volume mode: an honest client is never stopped, a flawed one is, and only full checks speak of failure."""

import gc
import importlib
import tracemalloc
from collections.abc import Sequence
from random import Random

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.checks.registry import Verdict
from harness.client.reference import ReferenceClient
from harness.explore.grounds import GROUNDS
from harness.explore.histories import example_faults, scenario_of, space_of
from harness.runner.run import run
from harness.scenario.model import Scenario
from harness.tiers.tier import why_not
from harness.tiers.volume import Judges, after_all, play_volume
from tests.correct_clients.linear_backoff import Client as LinearBackoff
from tests.correct_clients.no_automatic_retry import Client as NoAutomaticRetry
from tests.harness.tiers.agreement import MakesClient
from tests.suite.playing import ON_EVERY_TIER

WATCHED = {
    "installing_said_too_early": "STATUS-002",
    "two_settling_statuses": "STATUS-003",
    "attempts_unbounded": "RETRY-005",
    "retry_without_backoff": "RETRY-006",
}


def judged_in_full(client: MakesClient) -> Judges:
    def judges(scenario: Scenario, seed: int) -> Sequence[Verdict]:
        ran = run(scenario, client, client_name="client", adapter="python", network="simulated", seed=seed, tier="model")
        return ran.verdicts

    return judges


@pytest.mark.parametrize("client", [ReferenceClient, NoAutomaticRetry, LinearBackoff])
def test_an_honest_client_is_never_stopped(client: MakesClient) -> None:
    made = client()
    assert isinstance(made, ReferenceClient)
    assert not why_not(made, "model")
    volume = after_all(play_volume(((scenario, 0) for scenario in ON_EVERY_TIER), made, judged_in_full(client), every=10))
    assert (volume.hits, volume.failures) == (0, {})
    assert volume.judged == len(ON_EVERY_TIER) // 10


def test_an_honest_client_is_not_stopped_over_any_fault_either() -> None:
    chance = Random(3)
    spaces = [space_of(ground, example_faults(), 3) for ground in GROUNDS.values()]
    drawn = (chance.choice(spaces) for _ in range(400))
    histories = [
        (scenario_of(space.history([chance.randrange(len(slot.choices)) for slot in space.slots])), seed)
        for seed, space in enumerate(drawn)
    ]
    volume = after_all(play_volume(histories, ReferenceClient(), judged_in_full(ReferenceClient), every=50))
    assert (volume.hits, volume.failures) == (0, {})


@pytest.mark.parametrize(("name", "check"), WATCHED.items())
def test_a_flawed_client_is_stopped_and_the_full_checks_name_it(name: str, check: str) -> None:
    client = importlib.import_module(f"tests.flawed_clients.{name}").Client
    volume = after_all(
        play_volume(((scenario, 0) for scenario in ON_EVERY_TIER), client(), judged_in_full(client), every=10_000)
    )
    assert volume.hits
    assert check in {found for found, _ in volume.failures}


def test_memory_stays_flat_over_many_histories() -> None:
    scenario = next(each for each in ON_EVERY_TIER if each.name == "license_acquisition/first_tries_fail")
    client = ReferenceClient()

    def play(count: int, first: int) -> None:
        after_all(play_volume(((scenario, first + n) for n in range(count)), client, lambda scenario, seed: ()))

    play(300, 0)
    tracemalloc.start()
    try:
        play(200, 1_000)
        gc.collect()
        before, _ = tracemalloc.get_traced_memory()
        play(1_000, 2_000)
        gc.collect()
        after, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert after - before < 50_000

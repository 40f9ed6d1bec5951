"""A history without a trace is the same history: every word, request and act at the same moment, and the same end."""

import importlib
from random import Random

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.client.effects import Report
from harness.client.reference import ReferenceClient
from harness.explore.grounds import GROUNDS, Ground
from harness.explore.histories import example_faults, scenario_of, space_of
from harness.scenario.model import Scenario
from harness.status.message import StatusMessage
from harness.tiers.bare import Bare
from harness.tiers.foreseen import Ended, Foreseen
from harness.tiers.foreseen_message import ForeseenMessage
from harness.tiers.foreseen_raw import ForeseenRaw
from harness.tiers.model import ModelRun
from harness.tiers.tier import why_not
from harness.tiers.watch import WatchedLog
from tests.suite.playing import ON_EVERY_TIER

FAULTS = example_faults()
FLAWED = ("two_settling_statuses", "nonce_reused")
CLIENTS = [ReferenceClient, *(importlib.import_module(f"tests.flawed_clients.{name}").Client for name in FLAWED)]
HISTORIES = 8

BY_CHANCE = {"with a page": "its name is drawn", "by order": "the name of the order is drawn"}
"""Where no table can foresee what the services say."""


class Diary:
    """Writes down all that can be watched."""

    def __init__(self) -> None:
        self.written: list[tuple[float, str, object]] = []

    def acted(self, now_s: float, do: str) -> None:
        self.written.append((round(now_s, 6), "acted", do))

    def said(self, now_s: float, said: Report | StatusMessage) -> None:
        self.written.append((round(now_s, 6), "said", said))

    def asked(self, now_s: float, exchange: str) -> None:
        self.written.append((round(now_s, 6), "asked", exchange))


def in_full(scenario: Scenario, client: ReferenceClient, seed: int) -> Ended[Diary]:
    diary = Diary()
    run = ModelRun(scenario, client, seed, lambda agenda: WatchedLog(agenda, diary))
    run.play()
    truth = {**run.session.store.truth(), "nonces": [], "idempotency_keys": []}
    return Ended(diary, run.why, run.fates, tuple(sorted(run.shelf.licenses)), truth, run.open_connections)


def assert_the_same(bare: Bare, scenario: Scenario, client: ReferenceClient, seed: int) -> None:
    quick, full = bare.play(scenario, seed, Diary), in_full(scenario, client, seed)
    assert quick.watch.written == full.watch.written, (scenario.name, scenario.about, seed)
    for name in ("why", "fates", "licenses", "truth", "open_connections"):
        assert getattr(quick, name) == getattr(full, name), (scenario.name, scenario.about, seed, name)


@pytest.mark.parametrize("foreseen", [Foreseen, ForeseenMessage, ForeseenRaw])
@pytest.mark.parametrize("client", CLIENTS, ids=lambda client: client.profile.name)
def test_every_scenario_of_the_library_goes_the_same_way_the_first_time_and_later(
    client: type[ReferenceClient], foreseen: type[Foreseen]
) -> None:
    made = client()
    assert not why_not(made, "model")
    bare = Bare(made, foreseen)
    for scenario in ON_EVERY_TIER if (client, foreseen) == (ReferenceClient, Foreseen) else ON_EVERY_TIER[::5]:
        for seed in (0, 1):
            assert_the_same(bare, scenario, made, seed)


@pytest.mark.parametrize("foreseen", [Foreseen, ForeseenMessage, ForeseenRaw])
@pytest.mark.parametrize("ground", [each for each in GROUNDS.values() if each.exchanges], ids=lambda ground: ground.name)
def test_so_does_any_sequence_of_faults_whatever_was_learned_from_others(ground: Ground, foreseen: type[Foreseen]) -> None:
    chance = Random(f"{ground.name} 11")
    space = space_of(ground, FAULTS, 3)
    client = ReferenceClient()
    bare = Bare(client, foreseen)
    for seed in range(HISTORIES):
        row = [chance.randrange(len(slot.choices)) if chance.random() < 0.6 else 0 for slot in space.slots]
        scenario = scenario_of(space.history(row))
        for each in (seed, seed + HISTORIES):
            assert_the_same(bare, scenario, client, each)
    if ground.name in BY_CHANCE or len(ground.exchanges) == 1:
        assert (bare.in_full == 2 * HISTORIES) == (ground.name in BY_CHANCE)


@pytest.mark.parametrize("foreseen", [Foreseen, ForeseenMessage, ForeseenRaw])
def test_one_history_under_many_seeds_is_played_in_full_once(foreseen: type[Foreseen]) -> None:
    scenario = next(each for each in ON_EVERY_TIER if each.name == "license_acquisition/first_tries_fail")
    bare = Bare(ReferenceClient(), foreseen)
    for seed in range(20):
        bare.play(scenario, seed, Diary)
    assert bare.in_full <= 1


def test_a_fault_that_minds_the_date_says_so() -> None:
    minds = {type(fault).__name__ for fault in FAULTS if fault.goes_by_date}
    assert minds == {"RetryAfter", "OddRetryAfter", "SkewedDate", "ClockSkew"}

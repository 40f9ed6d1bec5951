"""Fault sequences become scenarios whose faults all meet the attempt that they are meant for."""

from random import Random

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import FAULTS
from fake_servers.services.decision import Exchange
from harness.client.reference import ReferenceClient
from harness.explore.grounds import GROUNDS, Ground
from harness.explore.histories import Space, example_faults, scenario_of, space_of
from harness.scenario.consistency import EXCHANGES
from harness.scenario.load import read_scenario
from harness.scenario.write import scenario_text
from harness.status.operation import Operation
from tests.harness.tiers.agreement import trace_on

SPACES = {ground.name: space_of(ground, example_faults(), 3) for ground in GROUNDS.values()}


def space(name: str) -> Space:
    return SPACES[name]


def row(of: Space, *names: str) -> list[int]:
    """The choices that take these faults, one a slot; an empty name takes none."""
    return [
        next((n for n, fault in enumerate(slot.choices) if fault is not None and fault.name == name), 0)
        for slot, name in zip(of.slots, (*names, *[""] * len(of.slots)), strict=False)
    ]


def test_every_exchange_of_every_operation_is_made_on_some_ground() -> None:
    for operation in Operation:
        made = {exchange for ground in GROUNDS.values() if ground.operation is operation for exchange in ground.exchanges}
        assert made == set(EXCHANGES[operation])


def test_every_fault_takes_part_with_every_example() -> None:
    names = {fault.name for fault in example_faults()}
    assert names == set(FAULTS)
    slots = [slot for space in SPACES.values() for slot in space.slots]
    assert {choice for slot in slots for choice in slot.choices} == {None, *example_faults()}


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=lambda ground: ground.name)
def test_undisturbed_it_makes_each_of_its_exchanges_and_succeeds(ground: Ground) -> None:
    scenario = scenario_of(SPACES[ground.name].history([0] * len(SPACES[ground.name].slots)))
    trace = trace_on("model", scenario, ReferenceClient)
    assert tuple(dict.fromkeys(Exchange(each.asked.exchange) for each in trace.exchanges)) == ground.exchanges
    assert trace.rounds[-1].outcome == "succeeded"


def test_each_fault_meets_its_own_attempt_whatever_came_before() -> None:
    of = space("to the vault")
    history = of.history(row(of, "refused", "accept_silence", "reset_after"))
    trace = trace_on("wire", scenario_of(history), ReferenceClient)
    assert trace.end is not None
    assert set(trace.end.fates) == {"fired"}
    failed = [entry.what.status.reason for entry in trace.statuses if entry.what.status.phase == "retry_scheduled"]  # type: ignore[union-attr]  # they are statuses
    assert [str(reason) for reason in failed] == ["connection_refused", "timed_out", "connection_lost"]


def test_a_sequence_reads_back_from_its_file() -> None:
    chance = Random(1)
    for number in range(150):
        of = chance.choice(list(SPACES.values()))
        scenario = scenario_of(of.history([chance.randrange(len(slot.choices)) for slot in of.slots]), number=number)
        assert read_scenario(scenario_text(scenario), name=scenario.name) == scenario


def test_simpler_sequences_come_first_and_none_comes_twice() -> None:
    of = space_of(GROUNDS["consented"], example_faults(["status", "denied"]), 3)
    for most in (10, 1_000):
        histories = list(of.histories(most=most, strength=2))
        assert len(set(histories)) == len(histories)
        assert [len(history.faults) for history in histories] == sorted(len(history.faults) for history in histories)
        assert histories[0].faults == ()
    assert len(histories) == of.size == 216

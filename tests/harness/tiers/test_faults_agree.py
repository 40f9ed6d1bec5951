"""Every fault, alone at the first or second attempt of every exchange, means the same on the model tier and on the wire."""

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.client.reference import ReferenceClient
from harness.explore.grounds import GROUNDS, Ground
from harness.explore.histories import example_faults, scenario_of, space_of
from tests.harness.tiers.agreement import essence, trace_on

FAULTS = example_faults()


@pytest.mark.parametrize("ground", GROUNDS.values(), ids=lambda ground: ground.name)
def test_a_fault_means_the_same_without_a_wire(ground: Ground) -> None:
    space = space_of(ground, FAULTS, 2)
    for place, slot in enumerate(space.slots):
        for choice in range(1, len(slot.choices)):
            row = [choice if place == other else 0 for other in range(len(space.slots))]
            history = space.history(row)
            scenario = scenario_of(history)
            wire, model = (trace_on(tier, scenario, ReferenceClient) for tier in ("wire", "model"))
            assert essence(model) == essence(wire), history.name

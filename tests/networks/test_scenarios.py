"""Every scenario of the library tells the same story on both networks. One test, since its runs wait at the same time."""

from tests.generate.parity_doc import TARGET, scenarios_text
from tests.networks.known_differences import IN_SCENARIOS, unexplained, vanished
from tests.networks.scenario_parity import compare


def test_scenarios_are_equal_on_both_networks_but_for_what_is_explained_and_documented() -> None:
    compared = compare()
    found = [(each.scenario, difference) for each in compared for difference in each.differences]
    assert unexplained(IN_SCENARIOS, found) == []
    assert vanished(IN_SCENARIOS, found) == []
    assert [(each.scenario, each.by_scaling) for each in compared if each.by_scaling] == []
    assert scenarios_text(compared) in TARGET.read_text(encoding="utf-8"), "run: python -m tests.generate.parity_doc"

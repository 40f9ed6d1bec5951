"""Every fault gives every client program the same on both networks. One test, since its sessions wait at the same time."""

from tests.fake_servers.faults.examples import EXAMPLES, HOUSE
from tests.generate.parity_doc import TARGET, faults_text
from tests.networks.fault_parity import cases, meet_all
from tests.networks.known_differences import IN_FAULTS, unexplained, vanished


def test_every_fault_within_reach_of_both_networks_is_met_by_every_program() -> None:
    met = {(case.fault, case.program) for case in cases()}
    assert len(met) == 3 * sum(len(cls.reach) == 2 for cls in HOUSE.values())
    assert {fault for fault, _ in met} <= set(EXAMPLES)


def test_status_bytes_and_exceptions_are_equal_on_both_networks_as_documented() -> None:
    met = meet_all()
    found = [(each.case.name, difference) for each in met for difference in each.differences()]
    assert unexplained(IN_FAULTS, found) == []
    assert vanished(IN_FAULTS, found) == []
    assert faults_text(met) in TARGET.read_text(encoding="utf-8"), "run: python -m tests.generate.parity_doc"

"""Every fault gives every client program the same on both networks. One test, since its sessions wait at the same time."""

import pytest

from tests.fake_servers.faults.examples import EXAMPLES, HOUSE
from tests.generate.parity_doc import TARGET, faults_text
from tests.networks.client_programs import Got
from tests.networks.fault_parity import Met, cases, meet_all
from tests.networks.known_differences import IN_FAULTS, unexplained, vanished

GOT = Got(200, b"whole", "", 1.0)


@pytest.mark.parametrize(
    ("other", "told"),
    [
        (GOT, []),
        (Got(200, b"whole", "", 1.5), []),
        (Got(503, b"whole", "", 1.0), ["200, 5 bytes, after 1.0 s simulated, 503, 5 bytes, after 1.0 s on loopback"]),
        (
            Got(200, b"other", "", 1.0),
            ["200, 5 bytes, after 1.0 s simulated, 200, 5 bytes, after 1.0 s on loopback, of other bytes"],
        ),
        (
            Got(200, b"whole", "E", 1.0),
            ["200, 5 bytes, after 1.0 s simulated, 200, 5 bytes, then `E`, after 1.0 s on loopback"],
        ),
        (Got(200, b"whole", "", 0.5), ["after 1.000 s simulated, after 0.500 s on loopback"]),
        (Got(200, b"whole", "", 9.0), ["after 1.000 s simulated, after 9.000 s on loopback"]),
    ],
)
def test_another_status_another_byte_another_exception_or_another_time_is_told(other: Got, told: list[str]) -> None:
    case = next(cases())
    assert list(Met(case, (GOT, GOT), (other, GOT)).differences()) == [f"the request: {each}" for each in told]
    assert list(Met(case, (GOT, GOT), (GOT, other)).differences()) == [f"the next one: {each}" for each in told]


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

"""Nothing is declared that is not proved from outside."""

from pathlib import Path

import pytest

from tests.fake_servers.faults.examples import HOUSE

FOLDER = Path(__file__).parent


@pytest.mark.parametrize("name", sorted(HOUSE))
def test_a_fault_has_a_proof_that_also_runs_without_it(name: str) -> None:
    proof = FOLDER / f"test_{name}.py"
    assert proof.exists(), f"write {proof.name}: what does a client's socket meet, with the fault and without it?"
    text = proof.read_text(encoding="utf-8")
    assert f'line("{name}"' in text, f"{proof.name} puts no {name} into a script"
    assert "@with_or_without" in text, f"{proof.name} does not show that its evidence is gone without the fault"
    assert "journal" not in text.lower(), f"{proof.name} must believe the socket only"

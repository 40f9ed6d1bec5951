"""Same seed, same trace, byte for byte: within a process, across processes, and whatever the hash seed is."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from harness.client.reference import ReferenceClient
from harness.trace.jsonl import line_of
from tests.suite.playing import SIMULATED, play
from tests.suite.trace_digests import digests

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def here() -> dict[str, str]:
    return digests()


def test_all_simulated_scenarios_are_compared(here: dict[str, str]) -> None:
    assert {f"reference {scenario.name}" for scenario in SIMULATED} < set(here)


def test_a_second_time_in_one_process_gives_the_same_bytes(here: dict[str, str]) -> None:
    assert digests() == here


@pytest.mark.parametrize("hash_seed", ["0", "1", "777"])
def test_another_process_gives_the_same_bytes_whatever_its_hash_seed(here: dict[str, str], hash_seed: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.suite.trace_digests"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [f"{digest} {name}" for name, digest in here.items()]


def test_another_seed_makes_another_run() -> None:
    def entries(seed: int) -> list[list[str]]:
        return [list(map(line_of, play(scenario, ReferenceClient, seed=seed).trace.entries)) for scenario in SIMULATED]

    assert entries(1) != entries(2)

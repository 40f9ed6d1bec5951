"""Same seed, same trace, byte for byte: within a process, across processes, and whatever the hash seed is."""

import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from harness.client.reference import ReferenceClient
from harness.trace.jsonl import line_of
from tests.suite.playing import SIMULATED, play
from tests.suite.trace_digests import SEEDS, digests

ROOT = Path(__file__).resolve().parents[2]
HASH_SEEDS = ("0", "777")


@cache
def first_time() -> dict[str, str]:
    return digests()


def started(hash_seed: str) -> subprocess.Popen[str]:
    """A process of its own that plays everything."""
    return subprocess.Popen(
        [sys.executable, "-m", "tests.suite.trace_digests"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        stdout=subprocess.PIPE,
        text=True,
    )


@pytest.mark.timeout(300)  # three processes at once, on whatever machine
def test_two_more_processes_give_the_same_bytes_for_each_run_whatever_their_hash_seed() -> None:
    others = [started(hash_seed) for hash_seed in HASH_SEEDS]
    here = first_time()
    assert {f"reference {scenario.name} {seed}" for scenario in SIMULATED for seed in SEEDS} < set(here)
    assert len(here) > 200
    for other in others:
        said, _ = other.communicate()
        assert (other.returncode, said.splitlines()) == (0, [f"{digest} {name}" for name, digest in here.items()])


def test_a_second_time_in_one_process_gives_the_same_bytes() -> None:
    again = digests(SEEDS[:1])
    assert again == {name: digest for name, digest in first_time().items() if name in again}


def test_another_seed_makes_another_run() -> None:
    def entries(seed: int) -> list[list[str]]:
        return [list(map(line_of, play(scenario, ReferenceClient, seed=seed).trace.entries)) for scenario in SIMULATED]

    assert entries(1) != entries(2)

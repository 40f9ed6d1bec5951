"""Same program, same bytes at the same times: in one process and in others, whatever they hash by."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from harness.world.virtual_run import run_in_virtual_time
from tests.harness.world.recorded_run import record

ROOT = Path(__file__).parents[3]


def digest_in_another_process(hash_seed: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.harness.world.recorded_run"],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": hash_seed},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_the_same_program_sends_the_same_bytes_at_the_same_times() -> None:
    first, second = run_in_virtual_time(record), run_in_virtual_time(record)
    assert first == second
    text = "\n".join(first)
    for expected in ("Date: ", "Signal.RST", "Signal.FIN", "succeeded", "ClientPayloadError", "cancelled in the middle"):
        assert expected in text


def test_other_processes_with_other_hash_seeds_send_the_same() -> None:
    digests = {digest_in_another_process(seed) for seed in ("0", "1", "777")}
    assert len(digests) == 1

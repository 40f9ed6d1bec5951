"""Servers that are killed under load: whatever was answered is in the file, and nothing is there in part."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[3]
TIMES = 200 if os.environ.get("CI") == "true" else 40  # 200 take 6 s of CPU


@pytest.mark.timeout(600)
def test_a_killed_server_leaves_all_that_it_answered_and_nothing_in_part() -> None:
    files = ["--file=right", "--file=late", "--file=halves"]
    command = [sys.executable, "-m", "tests.fake_servers.state.killing", f"--times={TIMES}", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    seen: dict[str, dict[str, Any]] = json.loads(done.stdout)
    right = seen["right"]
    assert (right["kills"], right["lost"], right["half"]) == (TIMES, [], [])
    assert right["answered"] > TIMES  # they were under load: much was answered
    assert right["unanswered"] > TIMES  # and as much was open
    assert seen["late"]["lost"]  # what is written after the answer is lost
    assert seen["halves"]["half"]  # and what is not written as one is found in part

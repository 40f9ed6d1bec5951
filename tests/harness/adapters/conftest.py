"""After a test that starts programs nothing may be left: no process of a client, no file descriptor."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from harness.adapters.faketime import is_installed
from harness.adapters.offspring import MARK

ROOT = Path(__file__).resolve().parents[3]

needs_faketime = pytest.mark.skipif(
    os.environ.get("CI") != "true" and not is_installed(), reason="needs libfaketime: apt-get install faketime"
)
"""For tests of programs in scaled time; never skipped in CI, which installs it."""


def marked_processes(harness_pid: int) -> list[int]:
    """Living processes that clients of one harness process have left."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error):
            if process.environ().get(MARK, "").startswith(f"{harness_pid}-") and process.status() != psutil.STATUS_ZOMBIE:
                found.append(process.pid)
    return found


def open_files() -> set[tuple[str, str]]:
    """Number and target of every open file descriptor, but for the one that is needed to look."""
    found = set()
    for number in os.listdir("/proc/self/fd"):
        with suppress(OSError):
            found.add((number, os.readlink(f"/proc/self/fd/{number}")))
    return {(number, target) for number, target in found if not target.startswith("/proc/")}


@pytest.fixture
def nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """For tests that start programs."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # client programs of these tests are modules of the project
    before = open_files()
    yield
    assert marked_processes(os.getpid()) == []
    assert open_files() - before == set()

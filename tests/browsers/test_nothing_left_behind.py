"""However a run with a browser ends, no process of it is left."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable

import psutil
import pytest

from harness.adapters.browser.chromium import PROGRAM_VARIABLE, Chromium
from harness.adapters.offspring import still_alive
from harness.errors import AdapterError

LIMIT_S, LOOK_S = 30.0, 0.05
HARNESS = (sys.executable, "-c", "from harness.cli import main; main()")
SCENARIO = "license_acquisition/captive_portal"


async def until(what: Callable[[], object]) -> None:
    async with asyncio.timeout(LIMIT_S):
        while not what():
            await asyncio.sleep(LOOK_S)


def family(of: psutil.Process) -> list[psutil.Process]:
    return list(of.children(recursive=True))


def has_page(processes: list[psutil.Process]) -> bool:
    """Whether the browser shows a page, so that the run is under way."""
    return any("--type=renderer" in words for process in processes if (words := words_of(process)))


def words_of(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


@pytest.mark.parametrize(
    ("number", "to_group"),
    [
        (signal.SIGINT, True),  # Ctrl-C: the terminal sends it to all of the foreground's processes
        (signal.SIGINT, False),
        (signal.SIGTERM, False),
        (signal.SIGKILL, False),
        (signal.SIGKILL, True),
    ],
)
def test_no_process_outlives_a_run_that_is_ended_from_outside(browser: None, number: signal.Signals, to_group: bool) -> None:
    command = [*HARNESS, "run", SCENARIO, "--client", "browser:shaka"]
    ran = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
    try:
        harness = psutil.Process(ran.pid)
        asyncio.run(until(lambda: has_page(family(harness))))
        members = family(harness)
        (os.killpg if to_group else os.kill)(ran.pid, number)
        ran.wait(LIMIT_S)
        asyncio.run(until(lambda: not still_alive(members)))
    finally:
        ran.kill()
        ran.wait()
    assert not still_alive(members)


def test_no_process_outlives_a_run_that_ends_by_itself(browser: None) -> None:
    chromium = Chromium()
    chromium.start()
    members = chromium.processes() + family(psutil.Process())
    assert len(chromium.processes()) > 1
    chromium.close()
    chromium.close()  # safe
    asyncio.run(until(lambda: not still_alive(members)))


def test_a_browser_that_does_not_start_is_told_in_one_line_and_leaves_nothing(
    browser: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(PROGRAM_VARIABLE, "false")
    chromium = Chromium()
    with pytest.raises(AdapterError) as caught:
        chromium.start()
    assert "does not start as a browser" in str(caught.value)
    assert "\n" not in str(caught.value)
    assert chromium.processes() == []

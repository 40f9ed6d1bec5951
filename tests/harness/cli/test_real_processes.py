"""What only a process of its own can show: Ctrl-C, a closed pipe, a device at the served address."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

from tests.harness.cli.invoking import PORTAL, ROOT, UNDISTURBED

COMMAND = [sys.executable, "-c", "from harness.cli import main; main()"]
PATIENCE_S = 60.0  # only a hang is this slow

CLIENT = """
import subprocess, sys, time
child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"])
print(f"{child.pid}", file=sys.stderr, flush=True)
open("ready", "w").write(str(child.pid))
time.sleep(600)
"""


@contextmanager
def started(*words: str, stdin: int | None = None) -> Iterator[subprocess.Popen[str]]:
    """The command line in a process of its own, which is gone afterwards."""
    process = subprocess.Popen(
        [*COMMAND, *words],
        stdin=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": ""},  # as most users have it
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def awaited(fifo: Path, process: subprocess.Popen[str]) -> str:
    """What is written to the pipe, as soon as it is; if that never comes, what the process says instead."""
    descriptor = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
    try:
        if not select.select([descriptor], [], [], PATIENCE_S)[0]:
            process.kill()
            pytest.fail("".join(process.communicate()))
        return os.read(descriptor, 100).decode()
    finally:
        os.close(descriptor)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_leaves_no_process_behind(folder: Path, number: signal.Signals) -> None:
    (folder / "client.py").write_text(CLIENT)
    os.mkfifo(folder / "ready")
    with started("run", UNDISTURBED, "--client", f"stdio:{sys.executable} client.py") as process:
        child = psutil.Process(int(awaited(folder / "ready", process)))
        process.send_signal(number)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 3, err
    assert "interrupted" in out
    assert "Traceback" not in err
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE


def test_a_reader_that_leaves_early_is_no_broken_client() -> None:
    with started("list", "codes", "--json") as process:
        assert process.stdout is not None
        process.stdout.readline()
        process.stdout.close()
        process.wait(PATIENCE_S)
        assert process.returncode in (0, 3)  # it may have been done before


def test_a_served_scenario_fails_as_scripted_and_tells_what_was_seen() -> None:
    with started("serve", PORTAL, "--port", "0") as process:
        assert process.stdout is not None
        lines: list[str] = []
        while "Ctrl-C stops" not in "".join(lines[-1:]):
            lines.append(process.stdout.readline())
            assert lines[-1], process.stderr and process.stderr.read()
        address = next(line.split()[1] for line in lines if line.strip().startswith("license "))
        with urllib.request.urlopen(urllib.request.Request(address, b"{}"), timeout=PATIENCE_S) as reply:
            assert reply.headers.get_content_type() == "text/html"
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=PATIENCE_S)
    assert (process.returncode, err) == (0, "")
    assert "! captive_portal: not a license reply" in out
    assert "seen: 1 request (license 1) on 1 connection\nfault captive_portal: fired\n" in out


def test_a_port_in_use_is_told_and_nothing_is_served() -> None:
    with started("serve", PORTAL, "--port", "0") as first:
        assert first.stdout is not None
        port = next(line.split("tcp:")[1].strip() for line in first.stdout if "adb reverse" in line)
        with started("serve", PORTAL, "--port", port) as second:
            out, err = second.communicate(timeout=PATIENCE_S)
    assert (second.returncode, out) == (2, "")
    assert err.startswith(f"error: port {port} on 127.0.0.1 is in use")

"""A Redis of its own for a test: Debian's program, on this machine alone, gone afterwards."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

READY = "Ready to accept connections"


@contextmanager
def running_redis(folder: Path) -> Iterator[str]:
    """Its address. Skips the test where there is none, but not in CI."""
    program = shutil.which("redis-server")
    if program is None:
        assert os.environ.get("CI") != "true", "CI needs redis-server; .ci/run installs it"
        pytest.skip("needs Redis: apt-get install redis-server")
    process, port = _started(program, folder)
    try:
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        process.terminate()
        process.communicate()


def _started(program: str, folder: Path) -> tuple[subprocess.Popen[str], int]:
    """Redis takes no port 0, so a free one is looked for; if somebody else was quicker, another."""
    for _ in range(5):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        process = subprocess.Popen(
            [program, "--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no", "--dir", str(folder)],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        if any(READY in line for line in process.stdout):  # it ends by itself if the port is taken
            return process, port
        process.communicate()
    raise AssertionError("no port for Redis in five tries")

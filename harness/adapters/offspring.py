"""Finds what a program started, whatever it did to get away: by its process group, and by a mark in its environment.

A child inherits the environment, so the mark stays with a daemon that forked twice and left its session. One that cleans its
environment *and* leaves its group is not found.
"""

from __future__ import annotations

import itertools
import os
from collections.abc import Iterable
from contextlib import suppress

import psutil

MARK = "DRM_HARNESS_RUN"
"""Variable in the environment of a client and all that it starts."""

_numbers = itertools.count(1)


def new_run_id() -> str:
    """A mark that no other client on this machine has: the harness's process, when it began, and a number."""
    harness = psutil.Process()
    return f"{harness.pid}-{int(harness.create_time() * 1000)}-{next(_numbers)}"


def offspring(run_id: str, group: int | None = None) -> list[psutil.Process]:
    """Every living process that carries exactly this mark or is in the process group; never this one. By number."""
    found = [process for process in psutil.process_iter() if _belongs(process, run_id, group)]
    return sorted(still_alive(found), key=lambda process: process.pid)


def still_alive(processes: Iterable[psutil.Process]) -> list[psutil.Process]:
    """Those that run still: neither gone nor waiting to be reaped, nor another process under a number used before."""
    return [process for process in processes if _is_alive(process)]


def kill(processes: Iterable[psutil.Process]) -> None:
    """SIGKILL for each; one that is gone already is no mistake."""
    for process in processes:
        with suppress(psutil.Error):
            process.kill()


def _belongs(process: psutil.Process, run_id: str, group: int | None) -> bool:
    if process.pid == os.getpid():
        return False
    with suppress(psutil.Error, OSError):
        if group is not None and os.getpgid(process.pid) == group:
            return True
        return bool(process.environ().get(MARK) == run_id)
    return False


def _is_alive(process: psutil.Process) -> bool:
    with suppress(psutil.Error):
        return bool(process.is_running() and process.status() != psutil.STATUS_ZOMBIE)
    return False

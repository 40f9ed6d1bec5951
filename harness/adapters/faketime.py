"""Gives a program in another process a clock that runs faster, by libfaketime, where that can be relied on.

libfaketime is preloaded into the program and answers in the place of libc when it asks for the time or waits. What this
needs, and whom it cannot reach: docs/external-time.md. Source: its README, version 0.9.10.
"""

from __future__ import annotations

import glob
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from fake_servers.clock import SYSTEM_CLOCK
from harness.adapters.elf import Elf, program_of, read_elf
from harness.errors import AdapterError
from harness.world.real_time import real_s

LIBRARY = "libfaketimeMT.so.1"
PLACES = (
    "/usr/lib/*/faketime",
    "/usr/lib/faketime",
    "/usr/lib64/faketime",
    "/usr/local/lib/*/faketime",
    "/usr/local/lib/faketime",
)
"""Where Debian, Fedora and a build by hand put it."""

SHARED = "/dev/shm"
LEFT_BEHIND = ("faketime_shm_{pid}", "sem.faketime_sem_{pid}")
"""What it shares between a program and its children; a program that is killed leaves it behind."""

NEVER_AGAIN_S = 1_000_000_000
"""It reads its settings again after so long: they do not change."""

GO = b"\xff Go buildinf:"
CLOCK_WAITS = (b"sem_clockwait", b"pthread_cond_clockwait", b"pthread_mutex_clocklock")
"""Waits of libc until a moment of a clock, which it does not answer."""

UNSEEN = f"may wait in a way that libfaketime does not see ({CLOCK_WAITS[0].decode()} and its like), and then waits too long"

LOADED = re.compile(r"(/\S+) \(0x")
"""A path in what a loader lists."""

PROBE_FACTOR, PROBE_SLEEP_S, PROBE_LIMIT_S = 20, 2.0, 5.0
PROBE = f"""
import select, time
a, b = time.time(), time.monotonic()
time.sleep({PROBE_SLEEP_S / 2})
select.select([], [], [], {PROBE_SLEEP_S / 2})
print(time.time() - a, time.monotonic() - b)
"""


@dataclass(frozen=True, slots=True)
class Obstacle:
    """Why a program cannot be given another clock, or, if ``is_doubt``, why that may go wrong."""

    why: str
    is_doubt: bool = False


def obstacle_for(words: Sequence[str]) -> Obstacle | None:
    """What stands against a faster clock for the program that a command line runs; None if nothing is known to."""
    program = program_of(words[0])
    return (
        _obstacle(program) if program else Obstacle(f"{words[0]} is no program of a kind that libfaketime can be loaded into")
    )


def faked_time(words: Sequence[str], factor: float, ahead_s: float) -> dict[str, str]:
    """The environment in which a program's clock runs ``factor`` times as fast, and starts ``ahead_s`` seconds ahead of the
    machine's. Empty for a factor of 1: such a program keeps the machine's clock.

    Raises:
        AdapterError: It cannot be given such a clock; the text says why.
    """
    if factor == 1:
        return {}
    if (obstacle := obstacle_for(words)) is not None and not obstacle.is_doubt:
        raise AdapterError(f"no scaled time: {obstacle.why}; use --time real")
    program = program_of(words[0])
    library = library_for(program) if program else None
    assert library is not None, "otherwise there is an obstacle"
    return _settings(library, factor, ahead_s)


def ahead_s(epoch_s: Callable[[], float]) -> float:
    """How far the world's date is ahead of the machine's."""
    return epoch_s() - SYSTEM_CLOCK.epoch_s()


def library_for(program: Elf) -> str | None:
    """Path of the libfaketime that is built for the program's processor."""
    return next((path for path in libraries() if (elf := read_elf(path)) is not None and elf.machine == program.machine), None)


def libraries() -> Iterator[str]:
    """Paths of every libfaketime on this machine."""
    for place in PLACES:
        yield from sorted(glob.glob(f"{place}/{LIBRARY}"))


def remove_leftovers(pid: int) -> None:
    """Remove what libfaketime shared between a program that has ended, or was killed, and its children."""
    for name in LEFT_BEHIND:
        with suppress(OSError):
            Path(SHARED, name.format(pid=pid)).unlink()


def _settings(library: str, factor: float, ahead_s: float) -> dict[str, str]:
    others = os.environ.get("LD_PRELOAD", "")
    return {
        "LD_PRELOAD": f"{library}:{others}" if others else library,
        "FAKETIME": f"{ahead_s:+.3f} x{factor:g}",
        "FAKETIME_DONT_RESET": "1",  # children go on with their parent's clock
        "FAKETIME_CACHE_DURATION": str(NEVER_AGAIN_S),
    }


@cache
def _obstacle(program: Elf) -> Obstacle | None:
    return next((Obstacle(why, is_doubt) for stands, why, is_doubt in _obstacles(program) if stands()), None)


def _obstacles(program: Elf) -> Iterator[tuple[Callable[[], object], str, bool]]:
    """Whether it stands in the way, what it is, and whether it is only a doubt; in the order in which to look."""
    library, path = library_for(program) or "", program.path
    # fmt: off
    yield lambda: not any(libraries()), "libfaketime is not installed (Debian and Ubuntu: apt-get install faketime)", False
    yield lambda: not library, f"libfaketime is not installed for the processor that {path} is built for", False
    yield lambda: not program.loader, f"{path} is linked statically, so that libfaketime cannot be loaded into it", False
    yield lambda: _is_privileged(path), f"{path} runs with another user's rights, so that nothing is preloaded into it", False
    yield lambda: program.mentions(GO), f"{path} is written in Go, which asks the kernel for the time, not libc", False
    yield lambda: library not in loaded_into(program, library), f"{program.loader} cannot load it into {path}", False
    yield lambda: not _really_scales(library), f"{library} does not make time run faster on this machine", False
    yield lambda: _waits_unseen(program, library), f"{path} {UNSEEN}", True
    # fmt: on


def _is_privileged(path: str) -> bool:
    with suppress(OSError):
        return bool(os.stat(path).st_mode & (stat.S_ISUID | stat.S_ISGID))
    return False


@cache
def loaded_into(program: Elf, library: str) -> tuple[str, ...]:
    """Paths of what the program's own loader would load with the library slipped in; the program itself does not run."""
    try:
        listed = subprocess.run(
            [program.loader, "--list", os.path.realpath(program.path)],
            env={**os.environ, "LD_PRELOAD": library},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PROBE_LIMIT_S,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return ()
    return tuple(LOADED.findall(listed.stdout))


def _waits_unseen(program: Elf, library: str) -> bool:
    """Whether it or a library that it loads knows waits that libfaketime does not answer. libc has them and does not count."""
    libraries = [
        path for path in loaded_into(program, library) if not Path(path).name.startswith(("libc.so", "libpthread", "ld-"))
    ]
    return any(elf.mentions(*CLOCK_WAITS) for elf in (program, *map(read_elf, libraries)) if elf)


@cache
def _really_scales(library: str) -> bool:
    """Try it with a tiny program: date and duration must have run faster than ours did meanwhile."""
    began_s = real_s()
    try:
        told = subprocess.run(
            [sys.executable, "-I", "-S", "-c", PROBE],
            env={**os.environ, **_settings(library, PROBE_FACTOR, 0)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=PROBE_LIMIT_S,
            check=True,
        )
        date_s, duration_s = map(float, told.stdout.split())
    except (OSError, subprocess.SubprocessError, ValueError):
        return False
    return real_s() - began_s < PROBE_SLEEP_S <= min(date_s, duration_s)


def is_installed() -> bool:
    """Whether there is a libfaketime for this Python, and one that works."""
    return shutil.which(sys.executable) is not None and _works_for(obstacle_for([sys.executable]))


def _works_for(obstacle: Obstacle | None) -> bool:
    return obstacle is None or obstacle.is_doubt

"""Whom libfaketime reaches, and that those see scaled time: programs are asked, not trusted."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest

from fake_servers.clock import SYSTEM_CLOCK
from harness.adapters import faketime
from harness.adapters.faketime import GO, SHARED, faked_time, obstacle_for, remove_leftovers
from harness.adapters.offspring import offspring
from harness.adapters.process import ClientProcess
from harness.errors import AdapterError
from harness.trace.entry import ClientNoted
from harness.world.real_time import real_s
from tests.harness.adapters.conftest import needs_faketime
from tests.harness.adapters.test_elf import elf, script

LOADER = "/lib/ld-test.so.1"
SCALE = """
import select, time
a, b = time.time(), time.monotonic()
time.sleep(3)
select.select([], [], [], 3)
print(a, time.time() - a, time.monotonic() - b)
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for programs, on a machine with a libfaketime for processor 62."""
    (tmp_path / "faketime").mkdir()
    elf(tmp_path / "faketime" / faketime.LIBRARY, LOADER)
    monkeypatch.setattr(faketime, "PLACES", (str(tmp_path / "faketime"),))
    return tmp_path


def why(program: Path | str) -> str:
    obstacle = obstacle_for([str(program)])
    return "" if obstacle is None else obstacle.why


def test_without_the_library_it_is_said_how_to_get_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faketime, "PLACES", (str(tmp_path / "nowhere"),))
    program = elf(tmp_path / "program", LOADER)
    assert why(program) == "libfaketime is not installed (Debian and Ubuntu: apt-get install faketime)"
    with pytest.raises(AdapterError, match=r"no scaled time: libfaketime is not installed .*; use --time real"):
        faked_time([str(program)], 12, 0)


def test_a_static_program_is_out_of_reach(installed: Path) -> None:
    assert "is linked statically" in why(elf(installed / "static"))


def test_a_program_for_another_processor_is_out_of_reach(installed: Path) -> None:
    assert "not installed for the processor" in why(elf(installed / "foreign", LOADER, machine=183))


def test_a_program_with_another_users_rights_is_out_of_reach(installed: Path) -> None:
    program = elf(installed / "privileged", LOADER)
    program.chmod(0o4755)
    assert "another user's rights" in why(program)


def test_a_program_in_go_is_out_of_reach(installed: Path) -> None:
    program = elf(installed / "gopher", LOADER)
    program.write_bytes(program.read_bytes() + GO)
    assert "is written in Go" in why(program)


def test_a_program_whose_loader_does_not_take_the_library_is_out_of_reach(installed: Path) -> None:
    assert f"{LOADER} cannot load it into" in why(elf(installed / "stranger", LOADER))


def test_what_is_no_program_is_out_of_reach(installed: Path) -> None:
    file = installed / "text"
    file.write_text("hello")
    file.chmod(0o755)
    assert "no program of a kind" in why(file)


def test_the_interpreter_decides_for_a_script(installed: Path) -> None:
    program = elf(installed / "static")
    assert "is linked statically" in why(script(installed / "script", f"#!{program}"))


def test_real_time_needs_nothing() -> None:
    assert faked_time(["/no/such/program"], 1, 0) == {}


@needs_faketime
def test_a_library_that_does_not_scale_is_not_relied_on() -> None:
    assert faketime._really_scales(next(faketime.libraries()))
    assert not faketime._really_scales("/no/such/library.so")


@needs_faketime
def test_a_program_sees_date_and_duration_scaled_from_the_date_that_it_is_given() -> None:
    began_s, began_date_s = real_s(), SYSTEM_CLOCK.epoch_s()
    told = subprocess.run(
        [sys.executable, "-c", SCALE],
        env={**os.environ, **faked_time([sys.executable], 20, ahead_s=5000.5)},
        capture_output=True,
        text=True,
        check=True,
    )
    took_s = real_s() - began_s
    date_s, date_passed_s, duration_s = map(float, told.stdout.split())
    assert 5000.5 <= date_s - began_date_s <= 5000.5 + 20 * took_s
    assert 6 <= date_passed_s <= 20 * took_s
    assert 6 <= duration_s <= 20 * took_s


@needs_faketime
def test_curl_is_reached_and_a_program_that_waits_out_of_sight_is_doubted() -> None:
    assert obstacle_for(["curl"]) is None
    doubted = obstacle_for([sys.executable])
    assert doubted is None or (doubted.is_doubt and "sem_clockwait" in doubted.why)


@needs_faketime
def test_what_a_killed_program_leaves_behind_is_removed() -> None:
    with subprocess.Popen(["sleep", "600"], env={**os.environ, **faked_time(["sleep"], 2, 0)}) as process:
        left = [Path(SHARED, name.format(pid=process.pid)) for name in faketime.LEFT_BEHIND]
        began_s = real_s()
        while not all(file.exists() for file in left):
            assert process.poll() is None
            assert real_s() - began_s < 30
        process.kill()
        process.wait()
    assert all(file.exists() for file in left)
    remove_leftovers(process.pid)
    assert not any(file.exists() for file in left)
    remove_leftovers(process.pid)


@needs_faketime
def test_a_program_that_the_harness_kills_leaves_nothing_shared_behind() -> None:
    async def main() -> list[bool]:
        process = ClientProcess(["sleep", "600"], note=notes.append, environment=faked_time(["sleep"], 2, 0))
        await process.start()
        (found,) = offspring(process.run_id)
        left = [Path(SHARED, name.format(pid=found.pid)) for name in faketime.LEFT_BEHIND]
        async with asyncio.timeout(30):
            while not all(file.exists() for file in left):
                await asyncio.sleep(0.01)
        process.kill_now()
        await process.exit_status()
        there = [file.exists() for file in left]
        await process.end()
        return [*there, *(file.exists() for file in left)]

    notes: list[ClientNoted] = []
    assert asyncio.run(main()) == [True, True, False, False]

"""Programs that misbehave: it goes on record, no call waits for them, memory stays bounded, and nothing of them is left."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
from pathlib import Path

import psutil
import pytest

from harness.adapters.stdio import StdioClient
from tests.harness.adapters.conftest import ROOT, marked_processes
from tests.harness.adapters.given_setup import Heard
from tests.harness.adapters.stdio_session import PATIENCE_S, Session, heard_from, program, session, start, until

pytestmark = pytest.mark.usefixtures("nothing_is_left")


async def is_dead(running: Session) -> None:
    """It counts as dead, and later calls return at once."""
    assert running.client.died
    async with asyncio.timeout(1):
        await start(running)
        await running.client.cancel()
        assert await running.client.rights() is None


def test_a_client_that_dies_at_once() -> None:
    heard = heard_from("bad_clients.dies_at_once", is_dead)
    assert heard.notes() == ["stderr: cannot open display :0", "exit: status 1"]


def test_the_last_words_of_a_client_that_dies_in_a_call_are_heard() -> None:
    heard = heard_from("bad_clients.dies_in_start", start, is_dead)
    assert heard.phases == ["started"]
    assert heard.notes() == ["exit: signal SIGKILL"]


def test_a_client_that_closes_its_standard_input_is_noticed_without_waiting_for_a_time_limit() -> None:
    heard = heard_from(
        "bad_clients.closes_stdin", until(lambda heard: heard.phases), start, is_dead, call_limit_s=PATIENCE_S, leave_s=0.1
    )
    assert heard.notes() == [
        "hung: start does not reach it: it has closed its standard input, or stopped reading it",
        "killed: it did not end when it was told to",
        "exit: signal SIGTERM",
    ]


def test_a_client_that_hangs_is_noticed_and_killed() -> None:
    heard = heard_from("bad_clients.hangs", until(lambda heard: heard.phases), start, is_dead, call_limit_s=0.1, leave_s=0.1)
    assert heard.notes() == [
        "hung: start was not answered within 0.1 s",
        "killed: it did not end when it was told to",
        "exit: signal SIGKILL",
    ]


def test_a_client_that_hangs_on_shutdown_is_killed() -> None:
    heard = heard_from("bad_clients.hangs", until(lambda heard: heard.phases), call_limit_s=0.1, leave_s=0.1)
    assert heard.notes() == [
        "hung: shutdown was not answered within 0.1 s",
        "killed: it did not end when it was told to",
        "exit: signal SIGKILL",
    ]


def test_garbage_is_noted_with_its_reason_at_most_twenty_times_and_the_client_is_heard_all_the_same() -> None:
    heard = heard_from("bad_clients.babbles", start, until(lambda heard: len(heard.statuses) == 3))
    notes = heard.notes("garbage")
    assert len(notes) == 21
    assert notes[0] == r"no JSON: expected value at line 1 column 1: \x00\xff\xfe\x1b[31m"
    assert notes[1].startswith("no JSON: recursion limit exceeded")
    assert notes[3] == f"a message is at most 1 MB long: {'x' * 200}… (a line of 1200000 bytes)"
    assert notes[4].startswith("params.phase: Input should be 'started', 'consent_needed'")
    assert notes[-1] == "47 lines in all were no messages of the protocol"
    # The requests among them that carried an id were told that they cannot be read; the notifications were not.
    assert [status.text for status in heard.statuses if status.phase == "failed"] == ["d1: -32601", "7: -32602"]
    assert "succeeded" in heard.phases


@pytest.mark.parametrize("kind", ["lines", "one_line"])
def test_a_client_that_floods_its_standard_output_is_killed_and_costs_no_memory(kind: str) -> None:
    before = psutil.Process().memory_info().rss
    heard = heard_from(
        "bad_clients.floods",
        until(lambda heard: heard.notes("killed")),
        start,
        is_dead,
        arguments=(kind,),
        call_limit_s=PATIENCE_S,
    )
    assert psutil.Process().memory_info().rss - before < 50_000_000  # it prints gigabytes a second; 16 MB are read
    assert "killed: it floods its standard output" in heard.notes()
    assert "exit: signal SIGKILL" in heard.notes()
    assert len(heard.everything) < 30


def test_standard_error_is_kept_up_to_64_kb() -> None:
    heard = heard_from(
        "bad_clients.prints_errors", until(lambda heard: "… and more, which is left out" in heard.notes("stderr"))
    )
    lines = heard.notes("stderr")
    assert lines[:100] == ["short"] * 100
    assert lines[100].startswith("long long")
    assert 105 < len(lines) < 120
    assert lines[-1] == "… and more, which is left out"


def left_by(folder: Path) -> list[int]:
    return [int((folder / name).read_text()) for name in ("daemon", "child")]


def test_a_daemon_and_a_child_in_a_clean_environment_end_with_the_client_that_started_them(tmp_path: Path) -> None:
    async def both_live(running: Session) -> None:
        await start(running)
        assert all(is_running(pid) for pid in left_by(tmp_path))

    heard_from("bad_clients.forks_daemon", both_live, state_dir=tmp_path, call_limit_s=PATIENCE_S)
    assert not any(is_running(pid) for pid in left_by(tmp_path))


def is_running(pid: int) -> bool:
    try:
        return bool(psutil.Process(pid).status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


def test_another_client_of_the_same_harness_is_left_alone() -> None:
    async def two_at_once() -> None:
        first, second, heard = StdioClient(program("programs.proper")), StdioClient(program("programs.proper")), Heard()

        async def while_the_first_runs(_: Session) -> None:
            await session(second, Heard())
            assert not first.died
            assert await first.rights() is not None

        await session(first, heard, "", while_the_first_runs)

    asyncio.run(two_at_once())


@pytest.mark.parametrize("moment", ["while it hangs", "while it ends"])
def test_a_cancelled_run_leaves_nothing(moment: str) -> None:
    heard = Heard()
    client = StdioClient(program("bad_clients.hangs"), call_limit_s=PATIENCE_S, leave_s=PATIENCE_S)

    async def interrupted() -> None:
        running = asyncio.create_task(session(client, heard, "", until(lambda heard: heard.phases), start))
        async with asyncio.timeout(PATIENCE_S):
            while not heard.phases:
                await asyncio.sleep(0.01)
        for _ in range(1 if moment == "while it hangs" else 2):
            running.cancel()
            await asyncio.sleep(0.05)
        if moment == "while it hangs":
            running.cancel()  # the polite way to end takes long here, so a second Ctrl-C follows
        with pytest.raises(asyncio.CancelledError):
            await running

    asyncio.run(interrupted())
    assert heard.phases == ["started"]


@pytest.mark.parametrize("how", ["tidy", "untidy"])
def test_ctrl_c_leaves_nothing_even_where_nobody_shuts_the_client_down(how: str, tmp_path: Path) -> None:
    words = program("programs.interrupted_harness", how, str(tmp_path))
    with subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as harness:
        assert harness.stdout is not None
        try:
            assert harness.stdout.readline() == "running\n"
            daemon, child = left_by(tmp_path)
            assert daemon in marked_processes(harness.pid)
            assert child not in marked_processes(harness.pid)  # its environment is clean: it is found by its group
            os.kill(harness.pid, signal.SIGINT)
            _, errors = harness.communicate(timeout=PATIENCE_S)
        finally:
            harness.kill()
    assert re.search(r"^KeyboardInterrupt", errors, re.MULTILINE)
    assert marked_processes(harness.pid) == []
    assert not any(is_running(pid) for pid in left_by(tmp_path))

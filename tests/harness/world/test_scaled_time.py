"""The scaled loop: real sockets and processes in a world that runs faster, and skips what is only waited for."""

from __future__ import annotations

import asyncio
import socket
import sys
from collections.abc import Callable, Coroutine
from typing import Any

import pytest

from harness.world.real_time import real_s
from harness.world.scaled_time import ScaledLoop, at_least_real, run_in_scaled_time, skipped_s
from harness.world.virtual_run import run_in_virtual_time

FACTOR = 20


def scaled_loop() -> ScaledLoop:
    loop = asyncio.get_running_loop()
    assert isinstance(loop, ScaledLoop)
    return loop


def test_so_many_seconds_of_the_world_pass_in_a_real_one() -> None:
    async def main() -> None:
        outer_s, inner_s = real_s(), scaled_loop().time()
        await asyncio.sleep(2)
        world_s, latest_s = scaled_loop().time() - inner_s, real_s() - outer_s
        assert world_s >= 2
        assert world_s <= latest_s * FACTOR  # nothing was skipped: it all really passed

    run_in_scaled_time(main, FACTOR)


def test_timeouts_and_timers_come_in_the_worlds_order() -> None:
    async def main() -> list[str]:
        seen: list[str] = []
        for name, delay_s in (("late", 3.0), ("early", 1.0), ("middle", 2.0)):
            scaled_loop().call_later(delay_s, seen.append, name)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(4):
                await asyncio.Event().wait()
        return seen

    assert run_in_scaled_time(main, FACTOR) == ["early", "middle", "late"]


def test_real_sockets_and_real_programs_run_on_it() -> None:
    async def main() -> tuple[bytes, int]:
        async def echo(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(await reader.readline())
            writer.close()
            await writer.wait_closed()

        async with await asyncio.start_server(echo, "127.0.0.1", 0) as server:
            reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
            writer.write(b"hello\n")
            answer = await reader.read()
            writer.close()
            await writer.wait_closed()
        program = await asyncio.create_subprocess_exec(sys.executable, "-c", "raise SystemExit(7)")
        return answer, await program.wait()

    assert run_in_scaled_time(main, FACTOR) == (b"hello\n", 7)


def test_what_must_stay_real_lasts_no_less_in_real_time() -> None:
    async def main() -> float:
        began_s = real_s()
        await asyncio.sleep(at_least_real(0.05))
        return real_s() - began_s

    assert run_in_scaled_time(main, FACTOR) >= 0.05


@pytest.mark.parametrize("run", [asyncio.run, lambda main: run_in_virtual_time(lambda: main)])
def test_on_other_loops_it_is_as_long_as_it_says_and_nothing_is_skipped(run: Callable[[Coroutine[Any, Any, Any]], Any]) -> None:
    async def main() -> tuple[float, float]:
        return at_least_real(0.05), skipped_s()

    assert run(main()) == (0.05, 0.0)


def test_a_world_cannot_be_slowed_down() -> None:
    async def main() -> None:
        """Never begun."""

    with pytest.raises(ValueError, match="less than 1"):
        run_in_scaled_time(main, 0.5)


@pytest.mark.parametrize("factor", [1, FACTOR])
def test_while_all_are_idle_time_jumps_from_timer_to_timer(factor: int) -> None:
    async def main() -> list[float]:
        loop, seen = scaled_loop(), [0.0]
        began_s = loop.time()
        loop.call_later(300, lambda: seen.append(loop.time() - began_s))
        loop.jump_when_idle = lambda: True
        await asyncio.sleep(600)
        return [*seen[1:], loop.time() - began_s]

    began_s = real_s()
    early_s, late_s = run_in_scaled_time(main, factor)
    assert 300 <= early_s < late_s
    assert late_s >= 600
    assert real_s() - began_s < 60  # ten minutes did not really pass


def test_time_does_not_jump_while_anybody_is_at_work() -> None:
    async def main() -> float:
        scaled_loop().jump_when_idle = lambda: False
        await asyncio.sleep(1)
        return skipped_s()

    assert run_in_scaled_time(main, FACTOR) == 0


def test_a_word_that_arrives_is_heard_before_time_jumps() -> None:
    async def main() -> tuple[bytes, float]:
        ours, theirs = socket.socketpair()
        with ours, theirs:
            ours.setblocking(False)
            theirs.sendall(b"wait!")
            scaled_loop().jump_when_idle = lambda: True
            heard = await scaled_loop().sock_recv(ours, 100)
            return heard, skipped_s()

    assert run_in_scaled_time(main, 1) == (b"wait!", 0)

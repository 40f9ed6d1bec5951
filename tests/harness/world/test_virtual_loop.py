"""Virtual time: what jumps, what is in order, and how a program that cannot end is ended."""

from __future__ import annotations

import asyncio
import functools
import logging
import socket
import sys
import time
from collections.abc import Callable, Coroutine
from typing import Any, cast

import pytest

from harness.errors import WorldError
from harness.world.not_simulated import NOT_SIMULATED, NotSimulatedError
from harness.world.virtual_loop import DeadlockError, RunawayError, VirtualLoop
from harness.world.virtual_run import run_in_virtual_time
from harness.world.virtual_task import VirtualTask


def virtual_loop() -> VirtualLoop:
    return cast("VirtualLoop", asyncio.get_running_loop())


def test_hours_of_sleep_take_no_real_time() -> None:
    async def main() -> float:
        assert asyncio.get_running_loop().time() == 0.0
        await asyncio.sleep(9 * 3600)
        await asyncio.gather(asyncio.sleep(7200), asyncio.sleep(3600))
        return asyncio.get_running_loop().time()

    began = time.process_time()
    assert run_in_virtual_time(main) == 11 * 3600
    assert time.process_time() - began < 1.0


def test_timeouts_strike_at_exactly_their_virtual_second() -> None:
    async def main() -> list[float]:
        struck = []
        for timeout in (asyncio.timeout(2.5), asyncio.timeout_at(7.25)):
            with pytest.raises(TimeoutError):
                async with timeout:
                    await asyncio.sleep(1000)
            struck.append(asyncio.get_running_loop().time())
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.sleep(1000), 0.75)
        return [*struck, asyncio.get_running_loop().time()]

    assert run_in_virtual_time(main) == [2.5, 7.25, 8.0]


def test_timers_of_one_instant_run_in_the_order_in_which_they_were_set() -> None:
    async def main() -> list[int]:
        loop, ran = asyncio.get_running_loop(), list[int]()
        for number in range(500):
            timer = loop.call_at(1.0, ran.append, number)
            if number % 3 == 0:
                timer.cancel()
        await asyncio.sleep(1.0)
        return ran

    assert run_in_virtual_time(main) == [number for number in range(500) if number % 3]


def test_cancelled_timers_do_not_pile_up() -> None:
    async def main() -> int:
        loop = virtual_loop()
        for _ in range(10_000):
            loop.call_later(3600, print).cancel()
        return len(loop._timers)

    assert run_in_virtual_time(main) <= 101


def test_a_task_group_cancels_its_members_oldest_first() -> None:
    async def main() -> list[int]:
        cancelled = []

        async def member(number: int) -> None:
            try:
                await asyncio.sleep(100)
            except asyncio.CancelledError:
                cancelled.append(number)
                raise

        async def failing() -> None:
            await asyncio.sleep(1)
            raise ValueError("one of them fails")

        async def together() -> None:
            async with asyncio.TaskGroup() as group:
                for number in range(30):
                    group.create_task(member(number))
                group.create_task(failing())

        with pytest.raises(ExceptionGroup):
            await together()
        return cancelled

    assert run_in_virtual_time(main) == list(range(30))


# -- programs that cannot end ----------------------------------------------------------------------------------------


async def wait_for_ever(event: asyncio.Event) -> None:
    await event.wait()


def test_a_deadlock_names_who_waits_and_on_what() -> None:
    async def main() -> None:
        await asyncio.sleep(2.5)
        waiter = asyncio.create_task(wait_for_ever(asyncio.Event()), name="the waiter")
        await waiter

    with pytest.raises(DeadlockError) as error:
        run_in_virtual_time(main)
    text = str(error.value)
    assert "at 2.5 virtual s" in text
    assert "'the waiter' waits in wait_for_ever (world/test_virtual_loop.py:" in text
    assert "> wait (asyncio/locks.py:" in text
    assert "for a Future" in text
    assert "main (world/test_virtual_loop.py:" in text
    assert "for task 'the waiter'" in text


def test_a_deadlock_is_an_error_of_the_world() -> None:
    assert issubclass(DeadlockError, WorldError)
    assert issubclass(RunawayError, WorldError)


def test_the_program_itself_cannot_swallow_a_deadlock() -> None:
    async def main() -> str:
        try:
            await asyncio.Event().wait()
        except Exception:  # noqa: BLE001 - a client that swallows everything
            return "swallowed"
        return "woken"

    with pytest.raises(DeadlockError):
        run_in_virtual_time(main)


def test_a_sleep_without_end_is_a_deadlock_and_not_a_jump_to_infinity() -> None:
    with pytest.raises(DeadlockError):
        run_in_virtual_time(lambda: asyncio.sleep(float("inf")))


def test_run_forever_with_nothing_to_do_says_so() -> None:
    loop = VirtualLoop()
    with pytest.raises(DeadlockError, match="no task at all"):
        loop.run_forever()
    loop.close()


async def retry_at_once() -> None:
    while True:
        await asyncio.sleep(0)


async def retry_every_second() -> None:
    while True:
        await asyncio.sleep(1)


@pytest.mark.parametrize(
    ("main", "limits", "says"),
    [
        (retry_at_once, {"max_standstill": 1000}, r"1000 turns of the loop without time passing at 0 virtual s"),
        (retry_every_second, {"max_steps": 5000}, r"more than 5000 steps by 2500 virtual s"),
        (retry_every_second, {"max_virtual_s": 60}, r"waits for something at 61 virtual s, beyond its limit of 60 s"),
    ],
)
def test_a_runaway_ends_and_is_named(main: Callable[[], Coroutine[Any, Any, None]], limits: dict[str, Any], says: str) -> None:
    with pytest.raises(RunawayError, match=says) as error:
        run_in_virtual_time(main, **limits)
    assert main.__name__ in str(error.value)


def test_a_hot_loop_ends_with_the_default_limits() -> None:
    with pytest.raises(RunawayError):
        run_in_virtual_time(retry_at_once)


def test_a_runaway_that_ignores_its_cancellation_ends_all_the_same() -> None:
    async def stubborn() -> None:
        while True:
            try:
                await asyncio.sleep(0)
            except asyncio.CancelledError:
                continue

    with pytest.raises(RunawayError):
        run_in_virtual_time(stubborn, max_standstill=1000)


def test_cleaning_up_after_a_limit_may_still_take_virtual_time() -> None:
    cleaned = []

    async def main() -> None:
        try:
            await retry_every_second()
        finally:
            await asyncio.sleep(5)
            cleaned.append(asyncio.get_running_loop().time())

    with pytest.raises(RunawayError):
        run_in_virtual_time(main, max_virtual_s=60)
    assert cleaned == [65.0]


# -- what is left behind, what goes wrong aside ----------------------------------------------------------------------


def test_what_main_leaves_behind_is_cancelled_oldest_first() -> None:
    cancelled = []

    async def left_behind(number: int) -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            cancelled.append(number)

    async def main() -> str:
        tasks = [asyncio.create_task(left_behind(number)) for number in range(3)]
        await asyncio.sleep(1)
        return f"{len(tasks)} left"

    assert run_in_virtual_time(main) == "3 left"
    assert cancelled == [0, 1, 2]


# How a library may start a task by itself; aiohttp does it the eager way where Python knows it.
STARTS: list[dict[str, Any]] = [{}, {"eager_start": True}] if sys.version_info >= (3, 12) else [{}]


@pytest.mark.parametrize("start", STARTS, ids=str)
def test_tasks_that_are_made_past_the_loop_are_named_in_a_deadlock_and_cancelled_in_the_end(start: dict[str, Any]) -> None:
    cancelled = []

    async def left_behind(number: int) -> None:
        try:
            await wait_for_ever(asyncio.Event())
        finally:
            cancelled.append(number)

    async def main() -> None:
        loop = virtual_loop()
        tasks = [asyncio.Task(left_behind(number), loop=loop, name=f"past the loop {number}", **start) for number in range(12)]
        await asyncio.wait([asyncio.create_task(left_behind(12)), *tasks])

    with pytest.raises(DeadlockError, match=r"'past the loop 0' waits in left_behind .*\n *'past the loop 1' waits"):
        run_in_virtual_time(main)
    assert cancelled == [12, *range(12)]


@pytest.mark.skipif(sys.version_info < (3, 12), reason="Python has eager tasks since 3.12")
def test_eager_tasks_hash_by_age_too() -> None:
    async def main() -> list[int]:
        if sys.version_info >= (3, 12):  # for mypy, which takes no skipif
            virtual_loop().set_task_factory(asyncio.eager_task_factory)
        started: list[int] = []

        async def member(number: int) -> None:
            started.append(number)
            await asyncio.sleep(1)

        tasks = {asyncio.create_task(member(number)) for number in range(30)}
        assert started == list(range(30)), "these did not start at once"
        return [hash(task) for task in tasks]

    ages = run_in_virtual_time(main)
    assert ages == list(range(ages[0], ages[0] + 30))


def test_a_task_factory_of_ones_own_is_used_as_usual() -> None:
    class Mine(asyncio.Task[None]):
        pass

    async def main() -> tuple[bool, bool]:
        loop = virtual_loop()
        loop.set_task_factory(lambda loop, coro, **options: Mine(coro, loop=loop, **options))
        mine = asyncio.create_task(asyncio.sleep(1))
        loop.set_task_factory(None)
        usual = asyncio.create_task(asyncio.sleep(1))
        await asyncio.wait([mine, usual])
        return isinstance(mine, Mine), isinstance(usual, VirtualTask)

    assert run_in_virtual_time(main) == (True, True)


def test_a_task_without_a_name_is_numbered() -> None:
    async def main() -> str:
        task = asyncio.create_task(asyncio.sleep(0))
        await task
        return task.get_name()

    assert run_in_virtual_time(main).startswith("Task-")


def test_the_callers_event_loop_stays_what_it_was() -> None:
    mine = asyncio.new_event_loop()
    asyncio.set_event_loop(mine)
    try:
        run_in_virtual_time(lambda: asyncio.sleep(1))
        assert asyncio.get_event_loop() is mine
    finally:
        asyncio.set_event_loop(None)
        mine.close()


def test_an_exception_in_a_callback_is_logged_and_kept(caplog: pytest.LogCaptureFixture) -> None:
    async def main() -> list[tuple[float, str]]:
        loop = virtual_loop()
        loop.call_later(3, int, "not a number")
        await asyncio.sleep(4)
        return [(error.at, repr(error.exception)) for error in loop.unhandled]

    with caplog.at_level(logging.ERROR, logger="asyncio"):
        ((at, error),) = run_in_virtual_time(main)
    assert at == 3.0
    assert error.startswith("ValueError")
    assert "not a number" in caplog.text


def test_an_exception_handler_of_ones_own_is_used_as_usual() -> None:
    async def main() -> tuple[int, list[Any]]:
        loop, seen = virtual_loop(), []
        loop.set_exception_handler(lambda _, context: seen.append(type(context["exception"])))
        loop.call_soon(int, "not a number")
        await asyncio.sleep(1)
        return len(loop.unhandled), seen

    assert run_in_virtual_time(main) == (0, [ValueError])


# -- what is not simulated -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("call", NOT_SIMULATED)
def test_what_is_not_simulated_is_refused_by_name_and_noted(call: str) -> None:
    async def main() -> list[str]:
        with pytest.raises(NotSimulatedError, match=rf"loop\.{call}: .* use --network loopback"):
            getattr(virtual_loop(), call)()
        return [error.call for error in virtual_loop().refusals]

    assert hasattr(asyncio.BaseEventLoop, call)
    assert run_in_virtual_time(main) == [call]


def test_a_subprocess_is_refused() -> None:
    async def main() -> None:
        await asyncio.create_subprocess_exec("true")

    with pytest.raises(NotSimulatedError, match="a subprocess is not supported in the simulated network"):
        run_in_virtual_time(main)


@pytest.mark.parametrize("job", [time.sleep, functools.partial(time.sleep, 1)])
def test_a_thread_is_refused_and_its_job_named(job: Callable[[], None]) -> None:
    async def main() -> None:
        await asyncio.to_thread(job)

    with pytest.raises(NotSimulatedError, match=r"a thread \(for sleep\)"):
        run_in_virtual_time(main)


def test_a_look_up_meant_for_a_thread_is_answered_by_the_simulated_names() -> None:
    async def main() -> Any:
        loop = virtual_loop()
        loop.network.names["license.test"] = "10.0.0.7"
        return await loop.run_in_executor(None, socket.getaddrinfo, "license.test", 443)

    ((*_, address),) = run_in_virtual_time(main)
    assert address == ("10.0.0.7", 443)

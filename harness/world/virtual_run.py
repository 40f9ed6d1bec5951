"""One program from beginning to end in virtual time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from random import Random
from typing import Any, TypeVar

from harness.world.one_way import Link
from harness.world.virtual_loop import MAX_STANDSTILL, MAX_STEPS, VirtualLoop

T = TypeVar("T")

A_MONTH_S = 30 * 86_400.0


def run_in_virtual_time(
    main: Callable[[], Coroutine[Any, Any, T]],
    *,
    link: Link | None = None,
    rng: Random | None = None,
    interleave: Random | None = None,
    max_virtual_s: float = A_MONTH_S,
    max_steps: int = MAX_STEPS,
    max_standstill: int = MAX_STANDSTILL,
) -> T:
    """Run ``main()`` on a fresh virtual loop, then cancel what it leaves behind (oldest first) and close the loop.

    Inside, ``asyncio.get_running_loop()`` is the :class:`VirtualLoop`; ``sleep``, ``timeout`` and ``wait_for`` take
    virtual time. The caller's current event loop stays what it was.

    Args:
        link: How the ends of the simulated network are joined.
        rng: For the network's jitter.
        interleave: Order of what is ready at the same moment, drawn from it: for hunting races; see :class:`VirtualLoop`.

    Raises:
        DeadlockError: ``main`` waits for something that nothing can bring about.
        RunawayError: A limit was met.
    """
    loop = VirtualLoop(
        link=link,
        rng=rng,
        interleave=interleave,
        max_virtual_s=max_virtual_s,
        max_steps=max_steps,
        max_standstill=max_standstill,
    )
    try:
        return loop.run_until_complete(main())
    finally:
        try:
            cancel_everything(loop)
        finally:
            loop.close()


def cancel_everything(loop: VirtualLoop) -> None:
    """Cancel every task and wait until it is gone; then finish asynchronous generators and abort connections."""
    leftovers = loop.tasks()
    for task in leftovers:
        task.cancel()
    if leftovers:
        loop.run_until_complete(asyncio.wait(leftovers))
    for task in leftovers:
        if not task.cancelled() and task.exception() is not None:
            loop.call_exception_handler(
                {"message": "a task failed while it was cancelled", "exception": task.exception(), "task": task}
            )
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.run_until_complete(loop.network.shut_down())

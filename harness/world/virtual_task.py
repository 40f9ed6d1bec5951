"""The tasks of a virtual loop: they hash by age, so that a set of tasks has the same order in every run."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Protocol, TypeVar, cast

T = TypeVar("T")


class Registrar(Protocol):
    """A loop that numbers its tasks."""

    def next_task_age(self) -> int:
        """One more than for the task before."""
        ...


class VirtualTask(asyncio.Task[T]):
    """A task that hashes by its age.

    asyncio keeps tasks in sets and cancels the members of a TaskGroup in a set's order, which is the order of memory
    addresses unless the hash says otherwise.
    """

    def __init__(self, coro: Coroutine[Any, Any, T], *, loop: Registrar, **options: Any) -> None:
        self.age = loop.next_task_age()  # before the base class, which puts the task into a set
        super().__init__(coro, loop=cast("asyncio.AbstractEventLoop", loop), **options)

    def __hash__(self) -> int:
        return self.age

    def set_name(self, value: object) -> None:
        """As in asyncio. The first releases of Python 3.13 give every task of a factory a name, even if it is None."""
        if value is not None:
            super().set_name(value)


def new_task(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Task[Any]:
    """The task factory of a virtual loop."""
    return VirtualTask(coro, loop=cast("Registrar", loop), **options)


def new_eager_task(loop: asyncio.AbstractEventLoop, coro: Any, **options: Any) -> asyncio.Task[Any]:
    """The same for tasks that start at once, which Python has had since 3.12."""
    return new_task(loop, coro, **{"eager_start": True, **options})


def task_factory(factory: Callable[..., Any] | None) -> Callable[..., Any]:
    """The counterpart of one of asyncio's own factories (None is the default one); any other stays what it is."""
    if factory is None:
        return new_task
    return new_eager_task if factory is getattr(asyncio, "eager_task_factory", None) else factory


def seniority(task: asyncio.Task[Any]) -> tuple[bool, int, str]:
    """Sorts tasks by age. One that a library made by calling ``asyncio.Task`` has none, only a name, by default with a number:

    aiohttp does so on Python 3.12 and 3.13, to start a task eagerly.
    """
    if isinstance(task, VirtualTask):
        return False, task.age, ""
    return True, len(task.get_name()), task.get_name()

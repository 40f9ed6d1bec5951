"""Says in words what a suspended task waits for: the text of a deadlock report."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from types import FrameType


def describe_waiting(tasks: Iterable[asyncio.Task[object]]) -> str:
    """One line a task: its name, the calls from its outermost to its innermost, and what that one awaits."""
    return "\n".join(f"  {task.get_name()!r} waits in {_calls(task)}" for task in tasks)


def _calls(task: asyncio.Task[object]) -> str:
    places, awaited = [], None
    for awaited in _await_chain(task.get_coro()):
        frame = _frame(awaited)
        if frame is not None:
            places.append(f"{frame.f_code.co_name} ({_short(frame.f_code.co_filename)}:{frame.f_lineno})")
    if _frame(awaited) is None:
        # asyncio keeps the future itself only in this private attribute; a coroutine shows just an iterator over it.
        awaited = getattr(task, "_fut_waiter", None)
    return " > ".join(places) + f", for {_name(awaited)}"


def _await_chain(awaitable: object) -> Iterator[object]:
    """The coroutine, what it awaits, what that awaits, and so on inwards."""
    while awaitable is not None:
        yield awaitable
        inner = (getattr(awaitable, name, None) for name in ("cr_await", "gi_yieldfrom", "ag_await"))
        awaitable = next((found for found in inner if found is not None), None)


def _frame(awaitable: object) -> FrameType | None:
    frames = (getattr(awaitable, name, None) for name in ("cr_frame", "gi_frame", "ag_frame"))
    return next((frame for frame in frames if frame is not None), None)


def _short(filename: str) -> str:
    """The last two parts of a path, so that the text is the same on every machine."""
    return "/".join(PurePath(filename).parts[-2:])


def _name(awaited: object) -> str:
    if isinstance(awaited, asyncio.Task):
        return f"task {awaited.get_name()!r}"
    return "its next turn" if awaited is None else f"a {type(awaited).__name__}"

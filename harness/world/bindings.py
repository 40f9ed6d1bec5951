"""Binds the clocks and dice that HTTP libraries reach for on their own to the world's.

A virtual loop rules its own timers only. aiohttp also reads the wall clock to age pooled connections and to write
the Date header, and it shuffles with the global dice; each such place is a row below. While bound, the world's
wall clock says ``epoch_s + loop.time()``, in UTC.

Left alone, because a protocol's nonces are meant to be unpredictable: ``uuid``, ``secrets`` and ``os.urandom`` (aiohttp:
multipart boundaries, the cnonce of digest authentication; httpx: multipart boundaries). So is the mask of a websocket,
whose dice are made when aiohttp is imported, and the ageing of HTTP/2 connections in httpx.
"""

from __future__ import annotations

import asyncio
import datetime
import importlib
import random
import sys
import time as real_time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any

from harness.errors import WorldError


class WorldTime:
    """Stands where a library keeps the ``time`` module; what it does not bind is the real module's."""

    def __init__(self, loop: asyncio.AbstractEventLoop, epoch_s: float) -> None:
        self._epoch_s = epoch_s
        self.monotonic = self.perf_counter = loop.time

    def time(self) -> float:
        return self._epoch_s + self.monotonic()

    def gmtime(self, seconds: float | None = None) -> real_time.struct_time:
        return real_time.gmtime(self.time() if seconds is None else seconds)

    localtime = gmtime  # the world lies in UTC, whatever machine it is on

    def ctime(self, seconds: float | None = None) -> str:
        return real_time.asctime(self.gmtime(seconds))

    def now(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.time(), datetime.UTC)

    def __getattr__(self, name: str) -> Any:
        return getattr(real_time, name)


@dataclass(frozen=True, slots=True)
class Binding:
    """``module.attribute`` is replaced, because of ``why``; in some rows only if the package that needs it is imported."""

    module: str
    attribute: str
    replacement: Callable[[WorldTime], Any]
    why: str
    only_with: str | None = None


def _monotonic(world: WorldTime) -> Any:
    return world.monotonic


def _clock(world: WorldTime) -> Any:
    return world


def _local_time(world: WorldTime) -> Any:
    return staticmethod(world.now)


def _loop_resolver(_: WorldTime) -> Any:
    return importlib.import_module("aiohttp.resolver").ThreadedResolver  # it asks the loop; its name is history


# fmt: off
BINDINGS = (
    Binding("aiohttp.connector", "monotonic", _monotonic, "pooled connections and looked-up addresses age by it"),
    Binding("aiohttp.connector", "DefaultResolver", _loop_resolver, "with aiodns installed it asks the real DNS"),
    Binding("aiohttp.helpers", "time", _clock, "the Date header"),
    Binding("aiohttp.cookiejar", "time", _clock, "cookies expire by it"),
    Binding("aiohttp.client_middleware_digest_auth", "time", _clock, "a part of the cnonce"),
    Binding("aiohttp.web_log", "AccessLogger._get_local_time", _local_time, "the time in an access log"),
    Binding("httpcore._async.http11", "time", _clock, "pooled connections age by it", only_with="httpx"),
    Binding("httpx._client", "time", _clock, "response.elapsed", only_with="httpx"),
)
# fmt: on


@contextmanager
def bind_to_world(loop: asyncio.AbstractEventLoop, epoch_s: float, rng: random.Random) -> Iterator[WorldTime]:
    """While active, the libraries in ``BINDINGS`` take time from ``loop`` and the global ``random`` is seeded from ``rng``.

    On leaving, everything is as before, the state of ``random`` included.

    Args:
        epoch_s: Seconds since 1970 at which the loop's time 0 lies.

    Raises:
        WorldError: A library has no longer the name that is to be bound. Nothing stays bound.
    """
    world = WorldTime(loop, epoch_s)
    with ExitStack() as undo:
        undo.callback(random.setstate, random.getstate())
        for binding in BINDINGS:
            if binding.only_with is None or binding.only_with in sys.modules:
                owner, name = _owner(binding)
                undo.callback(setattr, owner, name, vars(owner)[name])
                setattr(owner, name, binding.replacement(world))
        random.seed(rng.getrandbits(64))
        yield world


def _owner(binding: Binding) -> tuple[Any, str]:
    """The module or class that holds the attribute, and the attribute's name in it."""
    *path, name = binding.attribute.split(".")
    owner: Any = importlib.import_module(binding.module)
    for part in path:
        owner = getattr(owner, part, None)
    if owner is None or name not in vars(owner):
        package = sys.modules[binding.module.partition(".")[0]]
        raise WorldError(
            f"{package.__name__} {getattr(package, '__version__', '(version unknown)')} has no "
            f"{binding.module}.{binding.attribute}, which has to follow the world's clock ({binding.why}); "
            "use a version of it that this harness was tested with, or correct the table in harness/world/bindings.py"
        )
    return owner, name

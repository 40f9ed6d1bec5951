"""How long a proxy is up: until somebody stops it, its time is up, or nothing is asked any more. Meanwhile users try again."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress

import click

from harness.runner.passing import FULL, QUIET, STOPPED, TIME_IS_UP, Passing, requests_in

LOOK_S = 0.05
"""How often to look whether it has become quiet."""


class Watch:
    """Of the sessions of one proxy, from the moment at which it is made: nobody may stop it in vain.

    A line on the terminal, or SIGUSR1, says that the user tries again.

    Args:
        sessions: By their names.
    """

    def __init__(self, sessions: Mapping[str, Passing]) -> None:
        self._sessions = sessions
        self._loop = asyncio.get_running_loop()
        self._over: asyncio.Future[str] = self._loop.create_future()
        for number in (signal.SIGINT, signal.SIGTERM):
            self._loop.add_signal_handler(number, self._end, STOPPED)
        self._loop.add_signal_handler(signal.SIGUSR1, _retry, sessions, "")

    async def until_over(self, *, duration_s: float | None, until_idle_s: float | None, is_busy: Callable[[], bool]) -> str:
        """Wait; why it is over.

        Args:
            until_idle_s: Of quiet, after the first request.
            is_busy: Whether a request is under way.
        """
        if duration_s is not None:
            self._loop.call_later(duration_s, self._end, TIME_IS_UP)
        looking = self._loop.create_task(_look(list(self._sessions.values()), until_idle_s, is_busy, self._end))
        reads = _read_lines(self._loop, self._sessions)
        try:
            return await self._over
        finally:
            looking.cancel()
            await asyncio.wait({looking})
            if reads:
                self._loop.remove_reader(sys.stdin)

    def _end(self, why: str) -> None:
        if not self._over.done():
            self._over.set_result(why)


async def _look(
    passings: list[Passing], until_idle_s: float | None, is_busy: Callable[[], bool], end: Callable[[str], None]
) -> None:
    loop = asyncio.get_running_loop()
    seen, since_s = 0, loop.time()
    while True:
        await asyncio.sleep(LOOK_S)
        if any(passing.is_full for passing in passings):
            end(FULL)
        if requests_in(passings) != seen or is_busy():
            seen, since_s = requests_in(passings), loop.time()
        if until_idle_s is not None and seen and loop.time() - since_s >= until_idle_s:
            end(QUIET)


def _retry(sessions: Mapping[str, Passing], name: str) -> None:
    """The user of that session tries again; of every one, if none is named."""
    if name and name not in sessions:
        click.echo(f"no session is named {name!r}, only {', '.join(sessions)}", err=True)
    for its_name, passing in sessions.items():
        if name in ("", its_name):
            passing.user_retries()


def _read_lines(loop: asyncio.AbstractEventLoop, sessions: Mapping[str, Passing]) -> bool:
    """Take each line of the terminal as a retry. Only of a terminal: in a script, the input may be somebody else's."""
    if not (sys.stdin and sys.stdin.isatty()):
        return False

    def read() -> None:
        with suppress(OSError):
            if os.tcgetpgrp(sys.stdin.fileno()) != os.getpgrp():  # in the background, reading would stop the process
                loop.remove_reader(sys.stdin)
                return
        line = sys.stdin.readline()
        if not line:
            loop.remove_reader(sys.stdin)
            return
        _retry(sessions, line.strip())

    loop.add_reader(sys.stdin, read)
    return True

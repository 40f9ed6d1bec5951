"""A client's program: started in a session of its own, read in bounded memory, and ended with everything that it started."""

from __future__ import annotations

import asyncio
import atexit
import os
import shlex
import shutil
import signal
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from subprocess import DEVNULL, PIPE
from typing import cast

import psutil

from harness.adapters.faketime import remove_leftovers
from harness.adapters.lines import Line, LineCutter, readable
from harness.adapters.offspring import MARK, kill, new_run_id, offspring, still_alive
from harness.errors import AdapterError
from harness.trace.entry import ClientNoted
from harness.world.scaled_time import at_least_real

MOST_STDOUT = 16_000_000
MOST_LINES = 20_000
"""Bytes and lines of standard output. A client that prints more is flooding, and is killed."""

MOST_STDERR = 64_000
LEAST_COST_OF_A_LINE = 128
"""Bytes of standard error that go on record; short lines count as this long, so that there are at most 500 of them."""

MOST_UNREAD = 1_000_000
"""Bytes that may wait for a client that does not read its standard input."""

GRACE_S = 1.0
"""From SIGTERM to SIGKILL."""

DRAIN_S = 0.5
"""How long the last words of an ended program are waited for, where something else holds its output open."""

KILL_ROUNDS = 200
POLL_S = 0.02

PROXIES = frozenset({"http_proxy", "https_proxy", "all_proxy"})
"""Variables that a client does not inherit, in either case: the services under test are local, and a proxy would change what
arrives."""


def words_of(command: str) -> list[str]:
    """The words of a command line, as a shell would cut it, without a shell.

    Raises:
        AdapterError: A quote is left open, there is no word, or no such program.
    """
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise AdapterError(f"command line {command!r}: {str(error).lower()}") from error
    if not words:
        raise AdapterError("the command line is empty; name a program")
    if shutil.which(words[0]) is None:
        where = f"at {words[0]} (looked from {os.getcwd()})" if "/" in words[0] else "on the PATH"
        raise AdapterError(f"command line {command!r}: there is no program {words[0]!r} {where} that may be run")
    return words


class ClientProcess(asyncio.SubprocessProtocol):
    """One run of a program.

    Args:
        words: The program and its arguments.
        note: Told of standard error and of what was done to the program.
        on_line: Told of each line of standard output. Without it the program has neither standard input nor output.
        run_id: The mark that it and all it starts carry; see ``offspring``.
        environment: Variables that it gets beside those of this process.

    Attributes:
        status: Its exit status once it has ended; minus the signal's number if a signal ended it.
        is_deaf: It has closed its standard input.
    """

    def __init__(
        self,
        words: Sequence[str],
        *,
        note: Callable[[ClientNoted], None],
        on_line: Callable[[Line], None] | None = None,
        run_id: str | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.words = tuple(words)
        self.run_id = run_id or new_run_id()
        self.status: int | None = None
        self.is_deaf = False
        self._given_environment = dict(environment or {})
        self._note = note
        self._on_line = on_line
        self._cutters = {1: LineCutter(), 2: LineCutter()}
        self._stdout_bytes = self._stdout_lines = 0
        self._stderr_left = MOST_STDERR
        self._is_flooding = False
        self._transport: asyncio.SubprocessTransport | None = None
        self._members: list[psutil.Process] = []
        self._open_pipes = {1, 2} if on_line else {2}
        self._exited, self._drained, self._closed = asyncio.Event(), asyncio.Event(), asyncio.Event()

    # ── its life ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Start it.

        Raises:
            AdapterError: The system will not run it.
        """
        talks = PIPE if self._on_line else DEVNULL
        atexit.register(self.kill_now)
        try:
            await asyncio.get_running_loop().subprocess_exec(
                lambda: self,
                *self.words,
                stdin=talks,
                stdout=talks,
                stderr=PIPE,
                start_new_session=True,
                env=self._environment(),
            )
        except (OSError, ValueError) as error:
            atexit.unregister(self.kill_now)
            raise AdapterError(f"{self.words[0]!r} cannot be run: {error}") from error
        except BaseException:
            self.kill_now()
            raise

    def _environment(self) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name.lower() not in PROXIES}
        return {**inherited, **self._given_environment, MARK: self.run_id}

    async def exit_status(self) -> int:
        """Its exit status, once it has ended and its last words are in."""
        await self._exited.wait()
        with suppress(TimeoutError):
            async with asyncio.timeout(at_least_real(DRAIN_S)):
                await self._drained.wait()
        assert self.status is not None
        return self.status

    def send(self, data: bytes) -> bool:
        """Write to its standard input; False if that is closed or the program has long stopped reading."""
        pipe = self._transport.get_pipe_transport(0) if self._transport and not self.is_deaf else None
        if not isinstance(pipe, asyncio.WriteTransport) or pipe.is_closing() or pipe.get_write_buffer_size() > MOST_UNREAD:
            return False
        pipe.write(data)
        return True

    def close_input(self) -> None:
        """End of file on its standard input: the polite way to say that it is over."""
        if self._transport and (pipe := self._transport.get_pipe_transport(0)):
            pipe.close()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to it and its process group."""
        if self._transport is not None and self.status is None:
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(self._transport.get_pid(), number)
        for process in still_alive(self._members):
            with suppress(psutil.Error):
                process.send_signal(number)

    async def end(self, grace_s: float = GRACE_S) -> None:
        """End it and everything that it started. Safe to call twice; if cancelled, it kills at once."""
        if self._transport is None:
            return
        try:
            if not self._is_over():
                self.signal(signal.SIGTERM)
                await self._over_within(grace_s)
            await self._kill_until_over()
        except BaseException:
            self.kill_now()
            raise
        finally:
            if "FAKETIME" in self._given_environment:
                remove_leftovers(self._transport.get_pid())
            self._transport.close()
            atexit.unregister(self.kill_now)
        with suppress(TimeoutError):
            async with asyncio.timeout(at_least_real(GRACE_S)):
                await self._closed.wait()

    def kill_now(self) -> None:
        """End it and everything that it started without an event loop: for interrupted runs and the end of the interpreter."""
        for _ in range(KILL_ROUNDS):  # one that forks while it is being looked for is found in the next round
            left = self._alive()
            if not left:
                return
            kill(left)

    def _alive(self) -> list[psutil.Process]:
        """What is left. The group counts only as long as its number is surely ours, that is until the program is reaped."""
        is_led = self._transport is not None and self.status is None
        group = self._transport.get_pid() if self._transport and is_led else None
        found = offspring(self.run_id, group)
        return found + [process for process in still_alive(self._members) if process not in found]

    def _is_over(self) -> bool:
        return self._exited.is_set() and not self._alive()

    async def _over_within(self, limit_s: float) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(at_least_real(limit_s)):
                await self._exited.wait()
                while self._alive():
                    await asyncio.sleep(at_least_real(POLL_S))

    async def _kill_until_over(self) -> None:
        for _ in range(KILL_ROUNDS):
            if self._is_over():
                return
            kill(self._alive())
            await asyncio.sleep(at_least_real(POLL_S))
        self._note(ClientNoted(what="killed", text="and yet some of what it started lives on"))

    # ── what the event loop tells ───────────────────────────────────────────────────────────────────────────────────

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.SubprocessTransport", transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        if fd == 1:
            self._stdout_bytes += len(data)
        self._hear(fd, self._cutters[fd].feed(data))

    def pipe_connection_lost(self, fd: int, exc: Exception | None) -> None:
        if fd == 0:
            self.is_deaf = True
            return
        self._hear(fd, self._cutters[fd].rest())
        self._open_pipes.discard(fd)
        if not self._open_pipes:
            self._drained.set()

    def process_exited(self) -> None:
        assert self._transport is not None
        # Its number is free from here on, so whoever is left in its group is remembered one by one.
        self._members = offspring(self.run_id, self._transport.get_pid())
        self.status = self._transport.get_returncode()
        self._exited.set()

    def connection_lost(self, exc: Exception | None) -> None:
        self._closed.set()

    def _hear(self, fd: int, lines: Iterable[Line]) -> None:
        for line in lines:
            if fd == 2:
                self._hear_error(line)
            elif not self._is_flooding and self._on_line is not None:
                self._stdout_lines += 1
                self._is_flooding = self._stdout_bytes > MOST_STDOUT or self._stdout_lines > MOST_LINES
                self._on_line(line)
        if fd == 1 and self._on_line is not None and (self._is_flooding or self._stdout_bytes > MOST_STDOUT):
            self._stop_flood()

    def _stop_flood(self) -> None:
        self._on_line = None
        self._note(ClientNoted(what="killed", text="it floods its standard output"))
        self.kill_now()

    def _hear_error(self, line: Line) -> None:
        if self._stderr_left <= 0:
            return
        self._note(ClientNoted(what="stderr", text=readable(line)))
        self._stderr_left -= max(line.size, LEAST_COST_OF_A_LINE)
        if self._stderr_left <= 0:
            self._note(ClientNoted(what="stderr", text="… and more, which is left out"))


def ending_of(status: int) -> str:
    """``status 3``, or ``signal SIGKILL`` for one that a signal ended."""
    if status >= 0:
        return f"status {status}"
    known = {number.value: number.name for number in signal.Signals}
    return f"signal {known.get(-status, str(-status))}"

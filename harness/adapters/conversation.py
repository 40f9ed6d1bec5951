"""The talk with one client program: calls with a time limit, answers, notifications, waits; and what is none of these."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

from harness.adapters import messages as m
from harness.adapters.exceptions import shortened
from harness.adapters.lines import Line, readable
from harness.adapters.process import ClientProcess, ending_of
from harness.status.message import StatusMessage
from harness.trace.entry import ClientNoted, Seen
from harness.world.scaled_time import at_least_real

MOST_GARBAGE_NOTES = 20
MOST_WAITS = 100
STOP_S = 1.0
DEAF_S = 1.0  # more than the last words of an ended program are waited for


class Conversation:
    """Speaks with one program from its start to its end. Whatever the program does, no call raises and none waits for long.

    Args:
        words: The program and its arguments.
        report: Told of each status message.
        note: Told of everything else that the program does or suffers.
        epoch_s: The world's date; the program hears it at the end of a wait.
        environment: Variables that the program gets beside those of this process.

    Attributes:
        died: The program exited, hung or made itself deaf before it was told to end. Calls return at once.
    """

    def __init__(
        self,
        words: list[str],
        report: Callable[[StatusMessage], None],
        note: Callable[[Seen], None],
        epoch_s: Callable[[], float],
        environment: Mapping[str, str] | None = None,
    ) -> None:
        self.died = False
        self._report = report
        self._note_entry = note
        self._epoch_s = epoch_s
        self._process = ClientProcess(words, note=note, on_line=self._hear, environment=environment)
        self._watch: asyncio.Task[None] | None = None
        self._pending: dict[int, asyncio.Future[m.Answer | m.Refusal | None]] = {}
        self._waits: set[asyncio.Task[None]] = set()
        self._calls = 0
        self._garbage = 0
        self._is_ending = self._is_over = self._ends_on_wait = False

    async def begin(self) -> None:
        """Start the program.

        Raises:
            AdapterError: The system will not run it.
        """
        await self._process.start()
        self._watch = asyncio.create_task(self._watch_exit())

    async def call(
        self, method: str, params: m.Shape = m.NO_PARAMS, *, limit_s: float, may_be_unknown: bool = False
    ) -> m.Answer | None:
        """The program's answer; None if it refuses the call, or is dead by then.

        Args:
            limit_s: Unanswered after this, the program counts as dead.
            may_be_unknown: That the program does not know the method is not noted.
        """
        if self.died or self._is_over:
            return None
        self._calls += 1
        number = self._calls
        answer: asyncio.Future[m.Answer | m.Refusal | None] = asyncio.get_running_loop().create_future()
        self._pending[number] = answer
        try:
            if not self._send({"id": number, "method": method, "params": params.model_dump(mode="json")}):
                await self._explain_deafness(method)
                return None
            async with asyncio.timeout(at_least_real(limit_s)):
                said = await answer
        except TimeoutError:
            self._die("hung", f"{method} was not answered within {limit_s:g} s")
            return None
        finally:
            del self._pending[number]
        if isinstance(said, m.Refusal):
            if not (may_be_unknown and said.error.code == m.METHOD_NOT_FOUND):
                self.note("exception", shortened(f"{method}: error {said.error.code}: {said.error.message}"))
            return None
        return said

    async def _explain_deafness(self, method: str) -> None:
        """A program that exits closes its standard input as well, and which of the two is seen first is chance."""
        assert self._watch is not None
        await asyncio.wait([self._watch], timeout=at_least_real(DEAF_S))
        if not self._watch.done():
            self._die("hung", f"{method} does not reach it: it has closed its standard input, or stopped reading it")

    @property
    def is_only_waiting(self) -> bool:
        """A wait of the program's is under way and was its last word, and no call of ours is."""
        return self._ends_on_wait and bool(self._waits) and not (self._pending or self.died or self._is_ending)

    def note(self, what: str, text: str) -> None:
        """Put something about the program on record."""
        self._note_entry(ClientNoted(what=what, text=text))

    def give_up(self) -> None:
        """Treat the program as dead from here on."""
        self.died = True

    async def kill(self) -> None:
        """End the program and all that it started at once, by SIGKILL. It is not held against it."""
        self._is_ending = True
        self.note("killed", "by the scenario")
        self._process.kill_now()
        if self._watch is not None:
            await self._watch

    async def end(self, limit_s: float, leave_s: float) -> None:
        """Ask the program to end, and end it with all that it started if it does not. Safe to call twice."""
        try:
            if not self._is_ending:
                self._is_ending = True
                await self._ask_to_end(limit_s, leave_s)
        finally:
            self._is_over = True
            await self._process.end()
            await self._stop_tasks()

    async def _ask_to_end(self, limit_s: float, leave_s: float) -> None:
        if self._watch is None or self._watch.done():
            return
        await self.call("shutdown", limit_s=limit_s)
        self._process.close_input()
        await asyncio.wait([self._watch], timeout=at_least_real(leave_s))
        if not self._watch.done():
            self.note("killed", "it did not end when it was told to")

    async def _stop_tasks(self) -> None:
        if self._watch is not None:
            await asyncio.wait([self._watch], timeout=at_least_real(STOP_S))
        for task in [*self._waits, *([self._watch] if self._watch else [])]:
            task.cancel()
        await asyncio.gather(*self._waits, return_exceptions=True)
        if self._garbage > MOST_GARBAGE_NOTES:
            self.note("garbage", f"{self._garbage} lines in all were no messages of the protocol")
            self._garbage = 0

    async def _watch_exit(self) -> None:
        status = await self._process.exit_status()
        self._die("exit", ending_of(status))

    def _die(self, what: str, text: str) -> None:
        self.note(what, text)
        self.died = self.died or not self._is_ending
        for answer in self._pending.values():
            if not answer.done():
                answer.set_result(None)

    def _send(self, message: dict[str, Any]) -> bool:
        return self._process.send(m.written(message))

    # ── what the program says ───────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, line: Line) -> None:
        if not line.text.strip():
            return
        try:
            if not line.is_whole:
                raise m.UnreadableError("a message is at most 1 MB long")
            self._meet(m.read_message(line.text))
        except m.UnreadableError as error:
            self._garbage += 1
            if self._garbage <= MOST_GARBAGE_NOTES:
                self.note("garbage", f"{error}: {readable(line)}")
            if error.id is not None:
                self._refuse(error.id, error.code, str(error))

    def _meet(self, message: m.FromClient) -> None:
        self._ends_on_wait = isinstance(message, m.Wait)
        match message:
            case m.Status():
                self._report(message.params)
            case m.Wait():
                self._begin_wait(message)
            case m.Answer() | m.Refusal():
                self._take_answer(message)

    def _take_answer(self, message: m.Answer | m.Refusal) -> None:
        answer = self._pending.get(message.id) if isinstance(message.id, int) else None
        if answer is not None and not answer.done():
            answer.set_result(message)
        elif not self.died:  # one that came too late has been noted as hung already
            raise m.UnreadableError(f"nobody waits for an answer to {message.id!r}")

    def _begin_wait(self, wait: m.Wait) -> None:
        if len(self._waits) >= MOST_WAITS:
            self._refuse(wait.id, m.INVALID_REQUEST, f"{MOST_WAITS} waits are under way already")
            return
        task = asyncio.create_task(self._wait(wait))
        self._waits.add(task)
        task.add_done_callback(self._waits.discard)

    async def _wait(self, wait: m.Wait) -> None:
        await asyncio.sleep(wait.params.seconds)
        self._send({"id": wait.id, "result": {"epoch_s": self._epoch_s()}})

    def _refuse(self, id_: int | str, code: int, why: str) -> None:
        self._send({"id": id_, "error": {"code": code, "message": why}})

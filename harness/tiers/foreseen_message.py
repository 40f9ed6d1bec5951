"""The same on asyncio (T1): the client's own driver with its tasks, waits and deadlines, on a virtual loop; what comes of its
requests is looked up, and comes when it is due.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from harness.client.driver import Driver
from harness.client.effects import Event, Moving, Report, Send
from harness.scenario.model import Do
from harness.status.message import StatusMessage
from harness.tiers.compiled import Asks
from harness.tiers.driver import TIMED_OUT
from harness.tiers.foreseen import Ended, Foreseen, Unforeseen
from harness.world.virtual_loop import DeadlockError, VirtualLoop
from harness.world.virtual_run import run_in_virtual_time


class ForeseenMessage(Foreseen):
    """One history on asyncio, by the table."""

    _loop: VirtualLoop
    _driver: Driver
    _main: asyncio.Task[Any]
    _acted: asyncio.Future[None] | None = None
    _opens = False
    _surprise: Unforeseen | None = None

    def play(self) -> Ended[Any]:
        """Play it to its end.

        Raises:
            Unforeseen: It has to be played in full.
        """
        self._start()
        try:
            return run_in_virtual_time(self._on_the_loop)
        except DeadlockError as silence:  # nobody answers what was asked
            raise Unforeseen from silence

    async def _on_the_loop(self) -> Ended[Any]:
        loop, task = asyncio.get_running_loop(), asyncio.current_task()
        assert isinstance(loop, VirtualLoop)
        assert task is not None
        self._loop, self._main = loop, task
        self._driver = Driver(self._send, self._shelf, self._hear)
        try:
            await self._driver.drive(self._core.play_round("start"))
            while self._due:
                self._acted = loop.create_future()
                await self._acted
                if self._opens:
                    self._opens = False
                    await self._driver.drive(self._core.play_round("retry"))
        except asyncio.CancelledError:
            assert self._surprise is not None
            raise self._surprise from None
        except Exception as error:  # a client that dies of a bug of its own falls silent
            raise Unforeseen from error
        return self._end()

    def _now(self) -> float:
        return self._loop.now

    def _hear(self, report: Report) -> None:
        now_s = self._loop.now
        if self._settled and now_s != self.now_s:
            self._give_up(Unforeseen())
        self.now_s = now_s
        super()._hear(report)

    # ── a request ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _send(self, send: Send, moving: Callable[[Moving], None]) -> Event:
        """One request, within its time."""
        loop = self._loop
        done: asyncio.Future[Event] = loop.create_future()

        def comes() -> None:
            if done.done():
                return
            try:
                what = self._happens()
            except Unforeseen as surprise:
                self._give_up(surprise)
                return
            if isinstance(what, Moving):
                moving(what)
            elif not isinstance(what, Asks):
                done.set_result(what)
                return
            comes_later()

        def comes_later() -> None:
            assert self._course is not None
            if self._place < len(self._course.news):
                loop.call_at(self.now_s + self._course.news[self._place][0], comes)

        self.now_s = loop.now
        try:
            self._begin(send)
        except Unforeseen as surprise:
            self._give_up(surprise)
        else:
            comes_later()
        time_is_up = loop.call_later(send.timeout_s, _unless_done, done, TIMED_OUT)
        try:
            return await done
        finally:
            time_is_up.cancel()

    def _give_up(self, surprise: Unforeseen) -> None:
        self._surprise = surprise
        self._main.cancel()

    # ── the user ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _meet(self, said: Report | StatusMessage) -> None:
        before = list(self._due)
        super()._meet(said)
        for due in self._due:
            if due not in before:
                self._loop.call_at(due.at_s, self._acts)

    def _acts(self) -> None:
        try:
            do = self._act()
        except Unforeseen as surprise:
            self._give_up(surprise)
            return
        if do is Do.RETRY:
            self._opens = self._may_open()
        else:
            self._driver.answer(do in (Do.CONSENT, Do.OVERWRITE))
        if self._acted is not None and not self._acted.done():
            self._acted.set_result(None)


def _unless_done(done: asyncio.Future[Event], event: Event) -> None:
    if not done.done():
        done.set_result(event)

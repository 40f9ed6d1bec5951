"""Performs what the logic asks for, moment by moment, without asyncio: the counterpart of ``harness.client.driver``."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial

from harness.client.driver import Sum
from harness.client.effects import (
    AllEnded,
    Answered,
    Arrived,
    Ask,
    Broke,
    CancelAsked,
    Elapsed,
    Event,
    Keep,
    Kept,
    Logic,
    Moving,
    Pause,
    Report,
    Send,
    SendTogether,
)
from harness.client.shelf import Shelf
from harness.status.reason import Reason
from harness.tiers.agenda import Agenda, Planned
from harness.tiers.wire import Call, Wire

ELAPSED = Elapsed()
TIMED_OUT = Broke(Reason.TIMED_OUT)


class ModelDriver:
    """Drives one round at a time: effects out, events in, cancel and answers from the side."""

    def __init__(self, wire: Wire, agenda: Agenda, shelf: Shelf, report: Callable[[Report], None]) -> None:
        self._wire = wire
        self._agenda = agenda
        self._shelf = shelf
        self._report = report
        self._inbox: deque[Event] = deque()
        self._logic: Logic | None = None
        self._call: Call | Together | None = None
        self._timer: Planned | None = None
        self._waits = self._asking = False

    def drive(self, logic: Logic) -> None:
        """Begin a round. Whatever was under way is stopped."""
        self.stop()
        self._inbox.clear()
        self._logic = logic
        self._go_on(None)

    def stop(self) -> None:
        """End the round, and what is under way."""
        if self._logic is not None:
            self._logic.close()
            self._logic = None
        self._waits = self._asking = False
        self._give_up()

    def cancel(self) -> None:
        """The user wants it stopped."""
        self._hear(CancelAsked())

    def answer(self, yes: bool) -> None:
        """The user's answer; ignored where nothing was asked."""
        if self._asking:
            self._asking = False
            self._hear(Answered(yes))

    def _hear(self, event: Event) -> None:
        if not self._waits:
            self._inbox.append(event)
            return
        self._waits = False
        self._go_on(event)

    def _go_on(self, event: Event) -> None:
        """Let the logic work until it has to wait."""
        logic, inbox = self._logic, self._inbox
        assert logic is not None
        try:
            while True:
                effect = logic.send(event)
                kind = type(effect)
                if kind is Report:
                    self._report(effect)  # type: ignore[arg-type]  # its kind was just compared, which is quicker than a match
                    event = None
                    continue
                if kind is Keep:
                    event = Kept(self._shelf.apply(effect))  # type: ignore[arg-type]  # the same
                    continue
                if kind is Send:
                    self._send(effect)  # type: ignore[arg-type]  # the same
                elif kind is SendTogether:
                    self._send_together(effect)  # type: ignore[arg-type]  # the same
                elif kind is Pause:
                    self._give_up()
                    self._timer = self._agenda.call_later(effect.seconds, self._hear, ELAPSED)  # type: ignore[union-attr]  # the same
                elif kind is Ask:
                    self._give_up()
                    self._asking = True
                if not inbox:
                    self._waits = True
                    return
                event = inbox.popleft()
        except StopIteration:
            self._logic = None
        except Exception:  # noqa: BLE001  # a client that dies of a bug of its own falls silent, as its task would
            self._logic = None
        self._asking = False
        self._give_up()

    def _send(self, send: Send) -> None:
        self._give_up()
        self._timer = self._agenda.call_later(send.timeout_s, self._time_is_up)
        self._call = self._wire.send(send, self._told)

    def _send_together(self, effect: SendTogether) -> None:
        self._give_up()
        self._call = Together(self._wire, self._agenda, effect.sends, self._told)

    def _told(self, event: Event) -> None:
        if type(event) in (Arrived, Broke, AllEnded):
            self._call = None
            self._clear_timer()
        self._hear(event)

    def _time_is_up(self) -> None:
        self._give_up()
        self._hear(TIMED_OUT)

    def _give_up(self) -> None:
        """End what is under way."""
        call, self._call = self._call, None
        if call is not None:
            call.drop()
        self._clear_timer()

    def _clear_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


class Together:
    """Requests that are under way at the same moment, each within its own time."""

    def __init__(self, wire: Wire, agenda: Agenda, sends: Sequence[Send], tell: Callable[[Event], None]) -> None:
        self._tell = tell
        self._moves = Sum(tell)
        self._events: list[Arrived | Broke | None] = [None] * len(sends)
        self._timers: list[Planned] = []
        self._calls: list[Call] = []
        for number, send in enumerate(sends):
            self._timers.append(agenda.call_later(send.timeout_s, self._time_is_up, number))
            self._calls.append(wire.send(send, partial(self._told, number)))

    def drop(self) -> None:
        """The client gives up those that are still under way."""
        for number, event in enumerate(self._events):
            if event is None:
                self._give_up(number)

    def _told(self, number: int, event: Event) -> None:
        if isinstance(event, Moving):
            self._moves.part(number)(event)
        elif isinstance(event, Arrived | Broke):
            self._ends(number, event)

    def _time_is_up(self, number: int) -> None:
        self._give_up(number)
        self._ends(number, TIMED_OUT)

    def _give_up(self, number: int) -> None:
        self._calls[number].drop()
        self._timers[number].cancel()

    def _ends(self, number: int, event: Arrived | Broke) -> None:
        self._timers[number].cancel()
        self._events[number] = event
        ended = [each for each in self._events if each is not None]
        if len(ended) == len(self._events):
            self._tell(AllEnded(tuple(ended)))

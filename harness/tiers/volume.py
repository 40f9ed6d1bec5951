"""T0 by the hundred thousand: a monitor, compiled from table and promise, watches each history while it is played.

It knows four rules: the order of phases, one settling status a round, no more attempts than promised, no pause shorter than
promised. Its word is not a verdict: every history that it stops at, and every hundredth of the others, is played again with a
trace and judged by all checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from harness.checks.registry import Ruling, Verdict
from harness.checks.tolerance import SIMULATED_S
from harness.client.reference import ReferenceClient
from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Row
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.tiers.agenda import Agenda
from harness.tiers.ledger import request_received
from harness.tiers.log import Log, Makes
from harness.tiers.model import ModelRun, status_reported, status_told, user_acted

EVERY = 100
"""One history in so many is judged in full although nothing was seen in it."""

UNDER_WAY = frozenset({Phase.CONNECTING, Phase.REQUESTING, Phase.RECEIVING, Phase.RETRYING, Phase.INDIVIDUALIZING})
"""What is said in the middle of an attempt. Anything else means that something got through."""

States = frozenset[str]


class Order:
    """What a client may say in which states, as sets of states to look up; filled as they come up.

    Args:
        silent: The phases that the client does not promise to say.
    """

    def __init__(self, lifecycle: Lifecycle, silent: frozenset[Phase]) -> None:
        self._lifecycle = lifecycle
        self._silent = silent
        self._after: dict[tuple[States, Phase | str], States] = {}
        self.initial: States = frozenset({lifecycle.initial})

    def after(self, states: States, said: Phase | str) -> States:
        """The states after a phase was said, or after the user's ``start`` or ``retry``; empty if the table forbids it."""
        known = self._after.get((states, said))
        if known is None:
            known = self._after[states, said] = frozenset(self._reached(states, said))
        return known

    def _reached(self, states: States, said: Phase | str) -> Iterable[str]:
        by_user = isinstance(said, str) and not isinstance(said, Phase)
        for row in self._lifecycle.rows:
            if row.source in self._unheard(states) and self._is(row, said, by_user):
                yield row.destination if not by_user else f"{row.source}/{row.trigger}"
        for state in states:
            source, slash, trigger = state.partition("/")
            if slash and self._lifecycle.table[source, trigger].says is said:
                yield self._lifecycle.table[source, trigger].destination

    def _is(self, row: Row, said: Phase | str, by_user: bool) -> bool:
        opens = row.trigger in ("start", "retry")
        return (row.trigger == said) if by_user else (row.says is said and not opens)

    def _unheard(self, states: States) -> States:
        reached = {state for state in states if "/" not in state}
        opened = [self._lifecycle.table[s.partition("/")[0], s.partition("/")[2]] for s in states if "/" in s]
        reached |= {row.destination for row in opened if row.says is None or row.says in self._silent}
        front = list(reached)
        while front:
            for row in self._lifecycle.rows_from[front.pop()]:
                hushed = row.says is None or row.says in self._silent
                if hushed and row.trigger not in ("start", "retry") and row.destination not in reached:
                    reached.add(row.destination)
                    front.append(row.destination)
        return frozenset(reached)


@lru_cache(maxsize=64)
def order_of(operation: Operation, silent: frozenset[Phase]) -> Order:
    """Compiled once for each operation and promise."""
    return Order(OPERATIONS[operation], silent)


class Monitor(Log):
    """Watches one history instead of keeping it.

    Attributes:
        hit: What it stopped at; empty if nothing.
    """

    def __init__(self, time: Agenda, operation: Operation, profile: Profile) -> None:
        super().__init__(time)
        self._agenda = time
        self._order = order_of(operation, frozenset(phase for phase in Phase if not profile.reports(phase)))
        self._states = self._order.initial
        self._policy = profile.retry
        self._settled = True
        self._exchange, self._in_a_row = "", 0
        self._not_before_s = 0.0
        self._failed = 0
        self.hit = ""

    def note(self, makes: Makes, *of: Any) -> None:
        if makes is status_reported or makes is status_told:
            self._said(of[0])
        elif makes is request_received:
            self._asked(of[4])
        elif makes is user_acted:
            self._acted(of[0])

    def _acted(self, do: str) -> None:
        if do in ("start", "retry"):
            self._states = self._order.after(self._states, str(do)) or self._states
            self._settled, self._failed = False, 0
            self._exchange, self._in_a_row, self._not_before_s = "", 0, 0.0

    def _said(self, said: Any) -> None:
        phase = said.phase
        states = self._order.after(self._states, phase)
        if not states:
            self.hit = self.hit or f"{phase} out of order"
        self._states = states
        if phase.settles:
            if self._settled:
                self.hit = self.hit or "a second settling status"
            self._settled = True
        elif phase is Phase.RETRY_SCHEDULED and self._policy is not None:
            self._failed += 1
            shortest_s, _ = self._policy.bounds_s(self._failed)
            self._not_before_s = self._agenda.now + max(shortest_s, said.retry_in_s or 0.0) - SIMULATED_S
        elif phase not in UNDER_WAY:
            self._failed = 0

    def _asked(self, exchange: str) -> None:
        if exchange == self._exchange and self._agenda.now < self._not_before_s:
            self.hit = self.hit or f"{exchange} asked for too early"
        if self._policy is None or exchange == "monitor":
            return
        if exchange != self._exchange:
            self._exchange, self._in_a_row, self._failed = exchange, 0, 0
        self._in_a_row += 1
        if self._in_a_row > self._policy.attempts and exchange != "redirect":
            self.hit = self.hit or f"{self._in_a_row} requests of {exchange} in a row"


@dataclass(slots=True)
class Volume:
    """What came of many histories.

    Attributes:
        hits: How many the monitor stopped at.
        failures: Check id and what was observed, for each failure in a history that was judged, with how often.
    """

    played: int = 0
    judged: int = 0
    hits: int = 0
    failures: dict[tuple[str, str], int] = field(default_factory=dict)


Judges = Callable[[Scenario, int], Sequence[Verdict]]
"""Plays a scenario again under this seed, with a trace, and judges it."""


def play_volume(
    histories: Iterable[tuple[Scenario, int]], client: ReferenceClient, judges: Judges, *, every: int = EVERY
) -> Volume:
    """Play each scenario under its seed; judge what the monitor stops at, and every so many-th of the rest."""
    volume = Volume()
    profile = client.profile
    for scenario, seed in histories:
        volume.played += 1
        monitors: list[Monitor] = []

        def watch(time: Agenda, operation: Operation = scenario.operation, monitors: list[Monitor] = monitors) -> Monitor:
            monitors.append(Monitor(time, operation, profile))
            return monitors[-1]

        ModelRun(scenario, client, seed, watch).play()
        volume.hits += bool(monitors[0].hit)
        if monitors[0].hit or volume.played % every == 0:
            _judge(volume, judges(scenario, seed))
    return volume


def _judge(volume: Volume, verdicts: Sequence[Verdict]) -> None:
    volume.judged += 1
    for verdict in verdicts:
        if verdict.ruling is Ruling.FAILED:
            kind = (verdict.check.id, verdict.finding.observed)
            volume.failures[kind] = volume.failures.get(kind, 0) + 1

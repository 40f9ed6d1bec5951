"""T0 by the hundred thousand: a monitor watches each history while it is played.

It knows four rules: the order of phases, one settling status a round, no more attempts than promised, no pause shorter than
promised. Its word is not a verdict: every history that it stops at, and every hundredth of the others, is played again with a
trace and judged by all checks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from harness.checks.lifecycle_walk import LifecycleWalk
from harness.checks.registry import Ruling, Verdict
from harness.checks.tolerance import SIMULATED_S
from harness.client.reference import ReferenceClient
from harness.operations.catalogue import OPERATIONS
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


class Monitor(Log):
    """Watches one history instead of keeping it.

    Args:
        contents: How many contents are needed at once; it counts the requests for all of them together.

    Attributes:
        hit: What it stopped at; empty if nothing.
    """

    def __init__(self, time: Agenda, operation: Operation, profile: Profile, contents: int = 1) -> None:
        super().__init__(time)
        self._agenda = time
        self._walk = LifecycleWalk(OPERATIONS[operation], profile.silent)
        self._policy = profile.retry
        self._most = profile.retry.attempts * contents if profile.retry is not None else 0
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
            self._walk.user_opens(do)
            self._settled, self._failed = False, 0
            self._exchange, self._in_a_row, self._not_before_s = "", 0, 0.0

    def _said(self, said: Any) -> None:
        phase = said.phase
        if not self._walk.client_says(phase):
            self.hit = self.hit or f"{phase} out of order"
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
        if self._in_a_row > self._most and exchange != "redirect":
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

        def watch(time: Agenda, scenario: Scenario = scenario, monitors: list[Monitor] = monitors) -> Monitor:
            monitors.append(Monitor(time, scenario.operation, profile, len(scenario.given.wanted)))
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

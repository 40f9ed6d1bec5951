"""T0 by the hundred thousand: a monitor watches each history while it is played.

It knows four rules: the order of phases, one settling status a round, no more attempts than promised, no pause shorter than
promised. Its word is not a verdict: every history that it stops at, and every hundredth of the others, is played again with a
trace and judged by all checks.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial

from harness.checks.lifecycle_walk import LifecycleWalk
from harness.checks.registry import Ruling, Verdict
from harness.checks.tolerance import SIMULATED_S
from harness.client.effects import Report
from harness.client.reference import ReferenceClient
from harness.operations.catalogue import OPERATIONS
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.tiers.bare import Bare

EVERY = 100
"""One history in so many is judged in full although nothing was seen in it."""

UNDER_WAY = frozenset({Phase.CONNECTING, Phase.REQUESTING, Phase.RECEIVING, Phase.RETRYING, Phase.INDIVIDUALIZING})
"""What is said in the middle of an attempt. Anything else means that something got through."""


class Monitor:
    """Watches one history.

    Args:
        contents: How many contents are needed at once; it counts the requests for all of them together.

    Attributes:
        hit: What it stopped at; empty if nothing.
    """

    def __init__(self, operation: Operation, profile: Profile, contents: int = 1) -> None:
        self._walk = LifecycleWalk(OPERATIONS[operation], profile.silent)
        self._policy = profile.retry
        self._most = profile.retry.attempts * contents if profile.retry is not None else 0
        self._settled = True
        self._exchange, self._in_a_row = "", 0
        self._not_before_s = 0.0
        self._failed = 0
        self.hit = ""

    def acted(self, now_s: float, do: str) -> None:
        if do in ("start", "retry"):
            self._walk.user_opens(do)
            self._settled, self._failed = False, 0
            self._exchange, self._in_a_row, self._not_before_s = "", 0, 0.0

    def said(self, now_s: float, said: Report | StatusMessage) -> None:
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
            self._not_before_s = now_s + max(shortest_s, said.retry_in_s or 0.0) - SIMULATED_S
        elif phase not in UNDER_WAY:
            self._failed = 0

    def asked(self, now_s: float, exchange: str) -> None:
        if exchange == self._exchange and now_s < self._not_before_s:
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
        judged: How many were judged by all checks.
        hits: How many the monitor stopped at.
        in_full: How many had to be played in full, since the services' table had no answer.
        failures: Check id and what was observed, for each failure in a history that was judged, with how often.
    """

    played: int = 0
    judged: int = 0
    hits: int = 0
    in_full: int = 0
    failures: dict[tuple[str, str], int] = field(default_factory=dict)


Judges = Callable[[Scenario, int], Sequence[Verdict]]
"""Plays a scenario again under this seed, with a trace, and judges it."""


def play_volume(
    histories: Iterable[tuple[Scenario, int]],
    client: ReferenceClient,
    judges: Judges,
    *,
    every: int = EVERY,
    profile: Profile | None = None,
) -> Iterator[Volume]:
    """Play each scenario under its seed; judge what the monitor stops at, and every so many-th of the rest.

    Args:
        profile: What the client is held to; its own if absent.

    Yields:
        What has come of it so far, after each history; always the same object.
    """
    volume, bare, promised = Volume(), Bare(client), profile or client.profile
    for scenario, seed in histories:
        monitor = bare.play(scenario, seed, partial(Monitor, scenario.operation, promised, len(scenario.given.wanted))).watch
        volume.played += 1
        volume.in_full = bare.in_full
        if monitor.hit:
            volume.hits += 1
        if monitor.hit or volume.played % every == 0:
            _judge(volume, judges(scenario, seed))
        yield volume


def after_all(volumes: Iterator[Volume]) -> Volume:
    """What came of all histories."""
    (last,) = deque(volumes, maxlen=1) or (Volume(),)
    return last


def _judge(volume: Volume, verdicts: Sequence[Verdict]) -> None:
    volume.judged += 1
    for verdict in verdicts:
        if verdict.ruling is Ruling.FAILED:
            kind = (verdict.check.id, verdict.finding.observed)
            volume.failures[kind] = volume.failures.get(kind, 0) + 1

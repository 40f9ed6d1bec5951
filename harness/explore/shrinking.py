"""Shrinking: the smallest scenario that still breaks the same check, whoever the client is and however the scenario was found.

A candidate is a scenario with one thing less, or with a rounder number; whichever still breaks the check is taken, and the
search begins anew, until nothing can be taken away. Each candidate costs a run. Where runs take real time there is a budget,
and where they come out differently each time, a candidate is given several tries.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from harness.explore.smaller import smaller
from harness.scenario.consistency import Draft, contradictions
from harness.scenario.model import Scenario
from harness.scenario.position import Document

MOST_RUNS = 2_000
"""Far more than any scenario of a screen needs in virtual time."""


@dataclass(frozen=True, slots=True)
class Effort:
    """What shrinking may cost.

    Attributes:
        runs: Runs at most.
        tries: How often a candidate is played before it counts as holding; more than 1 where runs are not repeatable.
        is_over: Asked before every run: whether time is up.
    """

    runs: int = MOST_RUNS
    tries: int = 1
    is_over: Callable[[], bool] = lambda: False


ALL_IT_TAKES = Effort()


@dataclass(frozen=True, slots=True)
class Shrunk:
    """What came of it.

    Attributes:
        runs: How many runs it took.
        is_minimal: Nothing more can be taken away; else the effort was spent before that was known.
        broke: How often the result broke the check when it was played again at the end, of how many times.
    """

    scenario: Scenario
    runs: int
    is_minimal: bool
    broke: tuple[int, int]

    @property
    def is_flaky(self) -> bool:
        """Whether it breaks the check at some times only."""
        return self.broke[0] < self.broke[1]


class SpentError(Exception):
    """The effort is spent."""


Breaks = Callable[[Scenario], bool]
"""Plays a scenario once: whether it breaks the check in question."""


def shrink(scenario: Scenario, breaks: Breaks, effort: Effort = ALL_IT_TAKES) -> Shrunk:
    """Make a scenario that breaks a check as small as it gets."""
    trying = _Trying(breaks, effort)
    best, is_minimal = scenario, False
    try:
        while (found := next((each for each in candidates(best) if trying.breaks(each)), None)) is not None:
            best = found
        is_minimal = True
    except SpentError:
        pass
    again = [breaks(best) for _ in range(effort.tries)]
    return Shrunk(best, trying.runs + len(again), is_minimal, (sum(again), len(again)))


def candidates(scenario: Scenario) -> Iterator[Scenario]:
    """Scenarios that are a little smaller, the boldest first, none of which contradicts itself."""
    for each in smaller(scenario):
        if each != scenario and is_sound(each):
            yield each


def is_sound(scenario: Scenario) -> bool:
    """Whether it can be read back: no part of it contradicts another."""
    places = tuple(range(len(scenario.faults)))
    return next(contradictions(Draft(scenario, Document(), places=places)), None) is None


class _Trying:
    """Plays candidates, none twice."""

    def __init__(self, breaks: Breaks, effort: Effort) -> None:
        self._breaks = breaks
        self._effort = effort
        self._held: set[str] = set()
        self.runs = 0

    def breaks(self, candidate: Scenario) -> bool:
        key = candidate.model_dump_json(exclude={"about", "name", "tags"})
        if key in self._held:
            return False
        for _ in range(self._effort.tries):
            if self.runs >= self._effort.runs or self._effort.is_over():
                raise SpentError
            self.runs += 1
            if self._breaks(candidate):
                return True
        self._held.add(key)
        return False

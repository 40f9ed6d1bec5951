"""The one decoder: decisions to a history, and so to a scenario. Every search draws here, from what is registered.

What it prefers is what real networks do: nothing at all, one fault and a second try that works, the same trouble for a while
and then recovery, trouble that stays, one trouble after another; and a user who waits a little, or not at all, or stops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from itertools import chain

from fake_servers.faults.base import FAULTS, Fault, Presentation, ServiceFault
from fake_servers.faults.early import shuts_the_port
from fake_servers.faults.script import SERVICE_OF
from fake_servers.services.decision import Exchange
from harness.explore.decisions import FromBytes, Source, Told, Written
from harness.explore.grounds import AS_USUAL, GROUNDS, Ground
from harness.explore.histories import EARLY, EVERY, History, Meeting, can_meet, scenario_of
from harness.explore.numbers import Numbers, numbers_near
from harness.explore.people import acts_of
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.status.reason import HONEST_REASONS, Reason

ATTEMPTS = 4
"""Attempts of an exchange in a row that faults can meet one by one; what lasts longer is an outage."""

OFTEN = frozenset(
    {
        Presentation.CONNECTION_LOST,
        Presentation.CONNECTION_REFUSED,
        Presentation.SILENCE,
        Presentation.SERVER_ERROR,
        Presentation.UNAVAILABLE,
        Presentation.RATE_LIMITED,
    }
)
"""What clients meet every day; each is drawn three times as often as what they meet once a year."""

Kinds = dict[Presentation, tuple[Fault, ...]]
"""Faults by what a client can tell of them."""


LETS_MORE_FOLLOW = 4
"""How much more often a fault comes up, where others shall follow, that does not end the round."""

NO_REASON: frozenset[Reason] = frozenset()


class Weather(StrEnum):
    """What happens to one exchange, with how likely it is."""

    likely: int

    def __new__(cls, word: str, likely: int) -> Weather:
        member = str.__new__(cls, word)
        member._value_ = word
        member.likely = likely
        return member

    CALM = "calm", 3
    ONCE = "once", 5  # and the second try works
    LATER = "later", 2  # the first try works, a later one does not
    BURST = "burst", 4  # the same for a while, then recovery
    CHANGING = "changing", 6  # one trouble after another, with calm between them perhaps
    OUTAGE = "outage", 3  # and the user gets nowhere


@dataclass(frozen=True)
class Menu:
    """What there is to draw from.

    Attributes:
        faults: Names; each with its examples.
        profile: What the client promises: numbers are drawn near its bounds.
    """

    grounds: tuple[Ground, ...]
    faults: tuple[str, ...]
    profile: Profile

    @cached_property
    def near(self) -> Numbers:
        """Numbers worth trying."""
        return numbers_near(self.profile)

    @cached_property
    def examples(self) -> dict[str, tuple[Fault, ...]]:
        """The faults to begin with, by name."""
        return {name: tuple(FAULTS[name].model_validate(example) for example in FAULTS[name].examples) for name in self.faults}

    @cached_property
    def passing(self) -> frozenset[Presentation]:
        """What this client tries again after by itself, so that another trouble can follow."""
        retried = self.profile.retry.reasons if self.profile.retry is not None else NO_REASON
        return frozenset(kind for kind in Presentation if HONEST_REASONS.get(kind, NO_REASON) & retried)

    @cached_property
    def _able(self) -> dict[tuple[str, Exchange, int], Kinds]:
        return {}

    def able(self, ground: Ground, exchange: Exchange, attempt: int) -> Kinds:
        """The faults that can meet this attempt, by what a client can tell of them."""
        key = ground.name, exchange, attempt
        if key not in self._able:
            kinds: dict[Presentation, list[Fault]] = {}
            for fault in chain.from_iterable(self.examples.values()):
                if can_meet(ground, exchange, attempt, fault):
                    kinds.setdefault(fault.presents_as(), []).append(fault)
            self._able[key] = {kind: tuple(faults) for kind, faults in kinds.items()}
        return self._able[key]

    def weight(self, kind: Presentation, *, more: bool) -> int:
        """How likely it is; where ``more`` shall follow, what lets it follow is more likely."""
        return (3 if kind in OFTEN else 1) * (LETS_MORE_FOLLOW if more and kind in self.passing else 1)

    def meetings_of(self, operation: Operation) -> int:
        """How many faults can meet how many exchanges of the operation, or connections for them."""
        return len(
            {
                (name, SERVICE_OF[exchange] if faults[0].layer in EARLY else exchange)
                for ground in self.grounds
                if ground.operation is operation
                for exchange in ground.exchanges
                for name, faults in self.examples.items()
                if can_meet(ground, exchange, 1, faults[0])
            }
        )


def menu_for(profile: Profile, operations: Sequence[Operation] = (), faults: Sequence[str] = ()) -> Menu:
    """Everything registered that a client of this profile can meet; of these operations and faults only, if any are given.

    Raises:
        UnknownNameError: There is no such fault.
    """
    wanted = operations or profile.operations
    grounds = tuple(
        ground
        for ground in GROUNDS.values()
        if ground.operation in wanted and ground.operation in profile.operations and ground.dialect in profile.dialects
    )
    return Menu(grounds, tuple(FAULTS[name].name for name in (faults or FAULTS)), profile)


def decode(menu: Menu, data: bytes) -> History:
    """The history that these bytes stand for. Any bytes do."""
    return draw(menu, FromBytes(data))


def decoded(menu: Menu, data: bytes, *, number: int = 0) -> Scenario:
    """The same as a scenario."""
    return scenario_of(decode(menu, data), number=number, found_by="explored")


def encode(menu: Menu, history: History) -> bytes:
    """Bytes that stand for a history without a twist and with a willing user, such as an enumeration makes.

    Raises:
        ValueError: No bytes stand for it: a ground or a fault is not on the menu, or an attempt is beyond it.
    """
    told: dict[str, object] = {"ground": history.ground}
    for exchange in history.ground.exchanges:
        where = exchange.value
        met = [meeting for meeting in history.faults if meeting.exchange is exchange]
        told[where] = Weather.CHANGING if met else Weather.CALM
        told[f"{where}.attempts"] = max((2, *(meeting.attempt for meeting in met)))
        for meeting, before in zip(met, (None, *met), strict=False):
            kind, attempt = meeting.fault.presents_as(), f"{where}.{meeting.attempt}"
            told |= {f"{attempt}.met": True, f"{attempt}{_after(before)}": kind, f"{attempt}.{kind}": meeting.fault}
    written = Written(Told(told))
    if draw(menu, written) != history:
        raise ValueError(f"no bytes stand for {history.name!r} on this menu")
    return written.data


def draw(menu: Menu, source: Source) -> History:
    """A history, decision by decision."""
    ground = source.pick("ground", menu.grounds)
    twists = (AS_USUAL, *ground.twists)
    twist = source.pick(f"{ground.name}.twist", twists, (len(twists), *[1] * len(ground.twists)))
    faults: list[Meeting] = []
    for exchange in ground.exchanges:
        faults += _Drawing(menu, source, ground, exchange).meetings()
    return History(ground, tuple(faults), twist, acts_of(ground, menu.profile, source))


@dataclass(frozen=True, slots=True)
class _Drawing:
    """What happens to one exchange."""

    menu: Menu
    source: Source
    ground: Ground
    exchange: Exchange

    @property
    def _where(self) -> str:
        """The exchange alone: what is rare is what it has not met on any ground."""
        return self.exchange.value

    def meetings(self) -> list[Meeting]:
        pick = self.source.pick
        match pick(self._where, tuple(Weather), tuple(weather.likely for weather in Weather)):
            case Weather.CALM:
                return []
            case Weather.ONCE:
                return self._once()
            case Weather.LATER:
                return [self._meeting(pick(f"{self._where}.later", range(2, ATTEMPTS + 2)))]
            case Weather.BURST:
                return self._burst(pick(f"{self._where}.burst", range(2, ATTEMPTS + 2)))
            case Weather.CHANGING:
                return self._changing(pick(f"{self._where}.attempts", range(2, ATTEMPTS + 1)))
            case Weather.OUTAGE:
                return self._outage()

    def _once(self) -> list[Meeting]:
        """What a service has decided, it decides again as often as not: only trouble on the way passes by itself."""
        first = self._meeting(1)
        stays = isinstance(first.fault, ServiceFault) and self.source.pick(f"{self._where}.stays", (False, True))
        return [Meeting(self.exchange, EVERY, first.fault)] if stays else [first]

    def _changing(self, attempts: int) -> list[Meeting]:
        found: list[Meeting] = []
        for attempt in range(1, attempts + 1):
            if self.source.pick(f"{self._where}.{attempt}.met", (False, True), (1, 5)):
                found.append(self._meeting(attempt, found[-1] if found else None, more=attempt < attempts))
        return found

    def _burst(self, attempts: int) -> list[Meeting]:
        first = self._meeting(1, more=True)
        if shuts_the_port(first.fault):
            return [Meeting(self.exchange, 1, first.fault, self.menu.near.lasting_s(attempts))]
        return [Meeting(self.exchange, attempt, first.fault) for attempt in range(1, attempts + 1)]

    def _outage(self) -> list[Meeting]:
        first = self._meeting(1)
        if shuts_the_port(first.fault):
            return [Meeting(self.exchange, 1, first.fault, self.menu.near.lasting_s(4 * ATTEMPTS))]
        if first.fault.layer in EARLY:
            return [Meeting(self.exchange, attempt, first.fault) for attempt in range(1, 3 * ATTEMPTS + 1)]
        return [Meeting(self.exchange, EVERY, first.fault)]

    def _meeting(self, attempt: int, after: Meeting | None = None, *, more: bool = False) -> Meeting:
        return Meeting(self.exchange, attempt, self._fault(attempt, after, more))

    def _fault(self, attempt: int, after: Meeting | None, more: bool) -> Fault:
        """First what the client can tell of it; then the fault, as one of its examples; with a number changed perhaps."""
        able = self.menu.able(self.ground, self.exchange, attempt)
        weights = [self.menu.weight(kind, more=more) for kind in able]
        kind = self.source.pick(f"{self._where}.{attempt}{_after(after)}", tuple(able), weights)
        example = self.source.pick(f"{self._where}.{attempt}.{kind}", able[kind])
        return self.menu.near.drawn(example, self.source)


def _after(before: Meeting | None) -> str:
    """What came before is part of the decision: so a search can tell which pairs it has not had yet."""
    return f" after {before.fault.presents_as()}" if before is not None else ""

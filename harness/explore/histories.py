"""Histories as scenarios: which faults meet which attempt of which exchange, and how many sequences of them there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import prod

from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import FAULTS, ConnectFault, ConnectPlan, Fault, Layer, ServiceFault
from fake_servers.faults.early import shuts_the_port
from fake_servers.faults.script import SERVICE_OF, Rule, When
from fake_servers.faults.visible import is_visible
from fake_servers.services.decision import Exchange
from harness.explore.covering import covering_array
from harness.explore.grounds import AS_USUAL, TRIES_AGAIN, Ground, Twist
from harness.operations.catalogue import OPERATIONS
from harness.scenario.model import Do, Expectation, Outcome, Scenario, UserAction, WorldSettings
from harness.status.phase import Phase

FIRST_ATTEMPT_S = 0.5
"""How long nobody listens for ``refused``: over before any client of good manners tries again."""

EVERY = 0
"""In place of an attempt: each one."""

EARLY = (Layer.CONNECT, Layer.TLS)
"""What acts before a request is read, and is addressed by the connection therefore."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """A fault and the attempt of an exchange that it meets.

    Attributes:
        attempt: From 1, or ``EVERY``.
        for_s: For how long nobody listens; for ``refused`` only.
    """

    exchange: Exchange
    attempt: int
    fault: Fault
    for_s: float = FIRST_ATTEMPT_S

    @property
    def name(self) -> str:
        """``license 1 reset_after``."""
        return f"{self.exchange} {self.attempt or 'every'} {self.fault.name}"


@dataclass(frozen=True, slots=True)
class History:
    """One sequence of faults on one ground, and what the user does besides answering and trying again.

    Attributes:
        user: The user's actions; None: answers willingly, and tries again where that is offered.
    """

    ground: Ground
    faults: tuple[Meeting, ...]
    twist: Twist = AS_USUAL
    user: tuple[UserAction, ...] | None = None

    @property
    def name(self) -> str:
        """Short words for it: ``license 1 reset_after, license 2 status``."""
        return ", ".join(meeting.name for meeting in self.faults) or "undisturbed"


# ── all sequences up to a length ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Slot:
    """One attempt of one exchange, and what may meet it; the first choice is nothing at all."""

    exchange: Exchange
    attempt: int
    choices: tuple[Fault | None, ...]


@dataclass(frozen=True, slots=True)
class Space:
    """All sequences on one ground, up to a number of attempts of each exchange."""

    ground: Ground
    slots: tuple[Slot, ...]

    @property
    def size(self) -> int:
        """How many sequences there are."""
        return prod(len(slot.choices) for slot in self.slots)

    def histories(self, *, most: int, strength: int) -> Iterator[History]:
        """Every sequence if there are ``most`` at the most; else each fault alone, then a covering array of this strength.

        Fewer faults come first, so that the first of several failures is the simplest.
        """
        if not self.slots:
            yield self.history(())
            return
        sizes = [len(slot.choices) for slot in self.slots]
        rows = covering_array(sizes, len(sizes) if self.size <= most else strength)
        if self.size > most:
            rows += [_alone(len(sizes), slot, choice) for slot, size in enumerate(sizes) for choice in range(size)]
        for row in sorted(dict.fromkeys(rows), key=lambda row: (sum(choice > 0 for choice in row), row)):
            yield self.history(row)

    def history(self, row: Sequence[int]) -> History:
        """The sequence that takes these choices."""
        chosen = ((slot, slot.choices[choice]) for slot, choice in zip(self.slots, row, strict=True))
        met = (Meeting(slot.exchange, slot.attempt, fault) for slot, fault in chosen if fault is not None)
        return History(self.ground, tuple(met))


def space_of(ground: Ground, faults: Sequence[Fault], attempts: int) -> Space:
    """The sequences of these faults over so many attempts of each exchange."""
    return Space(
        ground,
        tuple(
            Slot(exchange, attempt, (None, *(fault for fault in faults if can_meet(ground, exchange, attempt, fault))))
            for exchange in ground.exchanges
            for attempt in range(1, attempts + 1)
        ),
    )


def can_meet(ground: Ground, exchange: Exchange, attempt: int, fault: Fault) -> bool:
    """Whether this fault has an address for this attempt.

    Connections are counted by service, so an exchange that shares one has none of its own; a window needs a known time. A
    service decides only what is its own to decide and what its dialect has words for.
    """
    if isinstance(fault, ServiceFault):
        return exchange in fault.exchanges and is_visible(fault, exchange, DIALECTS[ground.dialect])
    if fault.layer not in EARLY:
        return True
    place = ground.exchanges.index(exchange)
    if shuts_the_port(fault):
        return place == 0 and attempt == 1
    shares = SERVICE_OF[exchange] in {SERVICE_OF[earlier] for earlier in ground.exchanges[:place]}
    return attempt != EVERY and not shares


def refuses(fault: Fault) -> bool:
    """Whether nobody listens: then there is no connection that could be counted."""
    return isinstance(fault, ConnectFault) and fault.on_connect() is ConnectPlan.REFUSE


def example_faults(names: Sequence[str] = ()) -> tuple[Fault, ...]:
    """Each registered fault with each of its examples; of these names only, if any are given.

    Raises:
        UnknownNameError: There is no such fault.
    """
    return tuple(FAULTS[name].model_validate(example) for name in names or FAULTS for example in FAULTS[name].examples)


# ── from a history to a scenario ─────────────────────────────────────────────────────────────────────────────────────


def scenario_of(history: History, *, number: int = 0, found_by: str = "enumerated") -> Scenario:
    """The scenario in which this sequence happens."""
    ground, twist = history.ground, history.twist
    user = (*ground.user, TRIES_AGAIN) if history.user is None else history.user
    special = "" if twist is AS_USUAL else f", {twist.name}"
    return Scenario(
        about=f"{found_by.capitalize()}, {ground.name}{special}: {history.name}.",
        name=f"{found_by}/{ground.operation.value}-{number}",
        operation=ground.operation,
        dialect=ground.dialect,
        tags=(found_by,),
        world=WorldSettings(tls=any(meeting.fault.needs_tls for meeting in history.faults), limit=ground.limit_s),
        given=ground.given_with(twist),
        settings=ground.settings_with(twist),
        faults=tuple(_rules(history.faults)),
        user=user,
        expect=Expectation(outcome=_ends(ground, user)),
    )


def _ends(ground: Ground, user: Sequence[UserAction]) -> tuple[Outcome, ...]:
    """Every end of the operation; none is cancelled unless the user cancels."""
    ends = dict.fromkeys(row.says for row in OPERATIONS[ground.operation].rows if row.says is not None and row.says.settles)
    cancels = any(action.do is Do.CANCEL for action in user)
    return tuple(Outcome(end.value) for end in ends if cancels or end is not Phase.CANCELLED)


def _rules(faults: Sequence[Meeting]) -> Iterator[Rule]:
    """Each fault at its address. An attempt that meets a connect fault makes no request, and a refused one no connection."""
    unheard: Counter[Exchange] = Counter()
    unseen: Counter[str] = Counter()
    for meeting in faults:
        exchange, service, fault = meeting.exchange, SERVICE_OF[meeting.exchange], meeting.fault
        if shuts_the_port(fault):
            yield Rule(when=When(service=service, from_s=0.0, for_s=meeting.for_s), fault=fault)
            if refuses(fault):  # else TCP knocks again, and the same attempt gets in
                unseen[service] += 1
                unheard[exchange] += 1
        elif fault.layer in EARLY:
            yield Rule(when=When(service=service, connection=meeting.attempt - unseen[service]), fault=fault)
            unheard[exchange] += 1
        else:
            nth = None if meeting.attempt == EVERY else meeting.attempt - unheard[exchange]
            yield Rule(when=When(exchange=exchange, nth=nth), fault=fault)


def _alone(width: int, slot: int, choice: int) -> tuple[int, ...]:
    return tuple(choice if place == slot else 0 for place in range(width))

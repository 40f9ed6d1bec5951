"""The services as a table, as an operation is one: in which of their states a request comes to what, one look-up a request.

Nobody writes this table: a full run on the model tier adds what it sees to it (``learning``), and later histories (``bare``)
look it up, whatever their seed, and whatever else befell them before they came into the same state. Nothing is in it that
depends on the date, on chance, or on time that passes between two requests; that is played in full each time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, NamedTuple

from fake_servers.dialects.base import BadReply
from fake_servers.faults.base import Fault
from fake_servers.faults.script import SERVICE_OF, Rule
from fake_servers.given import Given
from fake_servers.services.decision import Exchange
from harness.client.effects import Arrived, Event, Send
from harness.scenario.model import Scenario
from harness.tiers.carriage import Carriage, Unwritten

MOST_COURSES = 20_000
"""Of one table; what it holds beyond them is forgotten as a whole, and learned anew."""


class Asks(NamedTuple):
    """A request has arrived at the services: the exchange that they take it for, ``redirect`` for a hop."""

    exchange: str


class Answers(NamedTuple):
    """A reply that names the request which it answers, and so is another one for each."""

    reply: Unwritten


News = Asks | Answers | Event


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What a request comes to.

    Attributes:
        news: What happens, in order, each with the seconds since what was before it; the last one ends the request.
        fired: The faults that fired, by their place among those that the request may meet.
        opens: How many connections the services accept for it.
        arrives: It gets to the services.
        keeps: The connection can be used again.
        settles_s: For how long, after its end, something of it still goes on between the services and the network.
        then: The services' state after that.
    """

    news: tuple[tuple[float, News], ...]
    fired: tuple[int, ...]
    opens: int
    arrives: bool
    keeps: bool
    settles_s: float
    then: State


@dataclass(slots=True, eq=False)
class State:
    """How the services stand.

    Attributes:
        truth: What they know, but for the names that chance gave to requests; empty if nobody has seen it yet.
        courses: By kind of request; None for one that has to be played in full each time.
    """

    truth: dict[str, Any]
    courses: dict[object, Course | None] = field(default_factory=dict)


class Services:
    """The states that were seen so far, from one that all histories begin in."""

    def __init__(self, start: State) -> None:
        self.start = start
        self._states: dict[object, State] = {}
        self._courses = 0

    def state(self, mark: object, truth: dict[str, Any]) -> State:
        """The state with this mark."""
        return self._states.setdefault(mark, State(truth))

    def add(self, state: State, kind: object, course: Course | None) -> None:
        """Remember, without growing for ever."""
        self._courses += 1
        if self._courses > MOST_COURSES:
            self._courses = 0
            self._states.clear()
            self.start.courses.clear()
        state.courses[kind] = course


@lru_cache(maxsize=256)
def services_of(dialect: str, given: Given, *, tls: bool, latency_s: float, day: int) -> Services:
    """The table for services that begin like this, on this day since 1970."""
    return Services(State({}))


# ── what is looked up ────────────────────────────────────────────────────────────────────────────────────────────────

_NUMBERS: dict[Fault, int] = {}


def number_of(fault: Fault) -> int:
    """Stands for a fault: equal ones have the same number."""
    return _NUMBERS.setdefault(fault, len(_NUMBERS))


class Meets(NamedTuple):
    """The faults of a script that a request may meet: of its exchange, and of the connections that are to come.

    Attributes:
        positions: Their places in the script.
        waits: For how many connections each waits; 0 for one of the exchange.
        marks: What they are, with what they wait for.
    """

    positions: tuple[int, ...]
    waits: tuple[int, ...]
    marks: tuple[object, ...]

    def matched(self, course: Course) -> list[int]:
        """The places in the script of those whose moment came."""
        places = zip(self.positions, self.waits, strict=True)
        return [position for position, wait in places if (wait <= course.opens if wait else course.arrives)]


class Script:
    """Which faults meet which request, for scripts that go by exchange and number, or by service and connection, alone."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self._of: dict[str, list[tuple[tuple[int, ...], int, int]]] = {}
        self._at: dict[str, list[tuple[int, int, int]]] = {}
        for position, rule in enumerate(rules):
            when, number = rule.when, number_of(rule.fault)
            if when.exchange is not None:
                self._of.setdefault(when.exchange.value, []).append((when.nths, position, number))
            elif when.service is not None and when.connection is not None:
                self._at.setdefault(when.service, []).append((when.connection, position, number))
        self._known: dict[tuple[str, int, int], Meets] = {}

    def meets(self, exchange: Exchange, nth: int, accepted: int) -> Meets:
        """For the nth request of an exchange, when its service has accepted so many connections."""
        key = exchange, nth, accepted
        meets = self._known.get(key)
        if meets is None:
            of = [(position, 0, number) for nths, position, number in self._of.get(exchange, ()) if not nths or nth in nths]
            at = self._at.get(SERVICE_OF[exchange], ())
            both = [*of, *((position, nth - accepted, number) for nth, position, number in at if nth > accepted)]
            positions = tuple(position for position, _, _ in both)
            meets = Meets(positions, tuple(wait for _, wait, _ in both), tuple((wait, number) for _, wait, number in both))
            self._known[key] = meets
        return meets


def kind_of(send: Send, key: int, faults: tuple[object, ...], is_kept: bool) -> object:
    """All of a request that what it comes to depends on.

    Args:
        key: Which of the run's idempotency keys it carries, by the order of their first use.
        faults: The marks of the faults that it may meet.
        is_kept: It goes out on a connection that was kept.
    """
    request, _, url, timeout_s, largest, redirects, verifies = send
    return (
        request.exchange, url, timeout_s, largest, redirects, verifies, key, faults, is_kept, request.device,
        request.client_version, request.contents, len(request.nonce), len(request.idempotency_key), request.computer,
        request.licenses, request.silent, request.receipt,
    )  # fmt: skip


def is_plain(scenario: Scenario) -> bool:
    """Whether its faults go by numbers alone, and by no stretch of time, chance or date; the others are played in full."""
    return not any(
        rule.when.from_s is not None or rule.when.is_conditional or rule.fault.goes_by_date for rule in scenario.faults
    )


# ── a reply names the request that it answers ────────────────────────────────────────────────────────────────────────


def is_repeatable(event: Arrived, exchange: Exchange, spoken: Carriage, asked: tuple[str, ...]) -> bool:
    """Whether another request of the same kind can be given this reply, but for its nonce: not if it was written down."""
    reply = event.reply
    if isinstance(reply, Unwritten):
        return True
    if any(name.lower() == "date" for name in reply.headers):
        return False
    try:
        return not spoken.decode_reply(exchange, reply, asked).nonce
    except BadReply:
        return True

"""The services of one run without sockets: the truth, the script, the windows of time, and the answer to each request."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from functools import cached_property, lru_cache, partial
from random import Random
from typing import Any, Protocol, cast

from fake_servers.clock import Clock
from fake_servers.dialects.base import BadRequest, Dialect
from fake_servers.engine.addresses import PAGE, PATHS
from fake_servers.engine.desk import Answered, answer_exchange, answer_hop, answer_malformed, is_rewritten, leads_home, writer
from fake_servers.faults.base import Connect, ConnectPlan, Fault, Handshake, HttpFault
from fake_servers.faults.early import plan_of
from fake_servers.faults.script import SERVICE_OF, SERVICES, FaultScript, Rule, Service
from fake_servers.services.decision import Exchange, ServiceRequest
from fake_servers.store import Store
from harness.scenario.model import Scenario
from harness.tiers.carriage import Carriage, Heard, carriage
from harness.tiers.ledger import Asked, Ledger
from harness.tiers.log import Log
from harness.world.world import SIMULATED_HOST

FIRST_PORT = 20_001
"""As the simulated network numbers them, so that a page has the same address on every tier."""


SHUT = (ConnectPlan.REFUSE, ConnectPlan.DROP)


class Time(Protocol):
    """What an agenda is, and a virtual loop can be made to look like. ``now`` and ``time()`` are the same."""

    @property
    def now(self) -> float: ...
    def time(self) -> float: ...
    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> Any: ...


class RunClock:
    """The world's date: the scenario's at time zero, and on from there."""

    def __init__(self, time: Time, scenario: Scenario) -> None:
        self._time = time
        self._zero_s = scenario.world.date.timestamp()

    def epoch_s(self) -> float:
        """Seconds since 1970."""
        return self._zero_s + self._time.now


class Chance:
    """What the services leave to chance: drawn as ``FakeServices`` draws it, and only once it is asked for."""

    def __init__(self, seed: int) -> None:
        self._seed = seed

    @cached_property
    def _session(self) -> tuple[int, int]:
        rng = Random(Random(f"services {self._seed}").getrandbits(64))
        return rng.getrandbits(64), rng.getrandbits(64)

    @property
    def has_drawn(self) -> bool:
        """Whether anybody has asked for it."""
        return "_session" in vars(self)

    @property
    def dice_seed(self) -> int:
        """Seeds the dice of faults."""
        return self._session[0]

    @cached_property
    def tokens(self) -> Random:
        """Names pages and removals."""
        return Random(self._session[1])


class _DrawnLate:
    """Stands for a generator that is seeded when it is first used: seeding takes longer than most of what is simulated."""

    def __init__(self, make: Callable[[], Random]) -> None:
        self._make = make
        self._made: Random | None = None

    def __getattr__(self, name: str) -> Any:
        if self._made is None:
            self._made = self._make()
        return getattr(self._made, name)


def drawn_late(make: Callable[[], Random]) -> Random:
    """The generator that ``make`` makes, made when it is first used."""
    return cast("Random", _DrawnLate(make))


class ModelSession:
    """Fake services for one client. Stands where a ``fake_servers.engine.session.Session`` stands on the wire tiers.

    Attributes:
        endpoints: For each exchange of the dialect, by its value, the absolute URL.
        store: The truth.
        script: The faults, with their accounting.
        lines: Connections that are open now, as the services see it, by number.
        disturbs_connections: Whether a rule of the script is addressed to a connection or to a stretch of time.
    """

    def __init__(self, scenario: Scenario, seed: int, time: Time, log: Log) -> None:
        self.spoken: Carriage = carriage(scenario.dialect)
        self.dialect: Dialect = self.spoken.dialect
        self.tls = scenario.world.tls
        self.ca_pem: bytes | None = None
        self.endpoints = endpoints_of(self.dialect.exchanges, self.tls)
        self.script = FaultScript(scenario.faults)
        self.script.place = self
        self.clock: Clock = RunClock(time, scenario)
        self.redirecting: dict[Exchange, tuple[int, HttpFault]] = {}
        self.deciding: Asked | None = None
        self.ledger = Ledger(self.script, log)
        self.lines: dict[int, OpenLine] = {}
        self._chance = Chance(seed)
        rng = drawn_late(lambda: self._chance.tokens)
        self.store = Store(scenario.given, clock=self.clock, rng=rng, on_change=self._truth_changed)
        self._time = time
        self._writes = writer(self.dialect)
        self._began_s: float | None = None
        self.disturbs_connections = any(rule.when.service is not None for rule in scenario.faults)
        self._windows_left: Counter[str] = Counter()
        self._refusing: Counter[str] = Counter()
        self._deaf: dict[str, list[int]] = {service: [] for service in SERVICES}

    # ── life ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def begin(self) -> None:
        """Time zero of the script's windows."""
        self._began_s = self._time.now
        if not self.disturbs_connections:
            return
        self._windows_left.update(rule.when.service or "" for _, rule in self.script.windows())
        for position, rule in self.script.windows():
            self._at(rule.when.from_s or 0.0, partial(self._window_opens, position, rule))

    @property
    def has_drawn(self) -> bool:
        """Whether anything was left to chance so far."""
        return self._chance.has_drawn

    @property
    def open_connections(self) -> int:
        """Connections that are open now."""
        return len(self.lines)

    @property
    def elapsed_s(self) -> float:
        """Seconds since ``begin()``; before it, -1, so that no window is open."""
        return -1.0 if self._began_s is None else self._time.now - self._began_s

    # ── what a connection asks ───────────────────────────────────────────────────────────────────────────────────────

    def listens(self, service: str) -> bool:
        """Whether a connection would be accepted now; one that would not is the proof that ``refused`` fires."""
        if not self.disturbs_connections or not self._refusing[service]:
            return True
        self.ledger.connection_refused(service)
        for position, rule in self.script.windows():
            if rule.when.service == service and self.script.is_due(position, self.elapsed_s):
                self.script.fired(position)
        return False

    def met_by(self, service: str, nth: int) -> tuple[int, Fault, Connect | Handshake] | None:
        """The fault that disturbs the nth connection of a service, and how."""
        met = self.script.for_connection(service, nth, self.elapsed_s) if self.disturbs_connections else None
        if met is None:
            return None
        plan = plan_of(met[1])
        return None if plan is None or plan in SHUT else (*met, plan)

    def swallows(self, service: str) -> bool:
        """Whether a knock is not answered now; one that is not is the proof that the fault fires."""
        due = self._deaf[service] if self.disturbs_connections else ()
        for position in due:
            self.script.fired(position)
        return bool(due)

    def may_keep_alive(self, service: str) -> bool:
        """Whether a connection of ``service`` may live on: not while a rule awaits a later one, or a window is to come."""
        if not self.disturbs_connections:
            return True
        return not (self._windows_left[service] or self.script.scripted_for(service, self.ledger.accepted[service] + 1))

    def answer(self, asked: Asked, exchange: Exchange, request: ServiceRequest, heard: Heard, url: str) -> Answered:
        """What goes out for a request; bytes are written only where a fault has to see them."""
        is_hop = asked.exchange == "redirect"
        if is_hop and not leads_home(self, exchange, lambda: url):
            return answer_hop(self, asked, exchange, url=lambda: url)
        met = () if is_hop else self.script.for_exchange(exchange, asked.nth)
        if isinstance(heard.passed, BadRequest):
            bad = heard.passed
            return answer_malformed(self, asked, exchange, met, url=lambda: url, status=bad.status, reason=bad.reason)
        writes = self._writes if is_rewritten(met) else self.spoken.unwritten
        return answer_exchange(self, asked, exchange, heard.passed.of(request), met, url=lambda: url, writes=writes)

    def page_url(self, token: str) -> str:
        """Where a user completes the page with this token."""
        return f"{_origin('license', self.tls)}{PAGE}{token}"

    def dice(self, position: int, asked: Asked) -> Random:
        """Randomness for one fault on one request: the same in every run, in whatever order requests come in."""
        exchange, nth = asked.exchange, asked.nth
        return drawn_late(lambda: Random(f"{self._chance.dice_seed}/{position}/{exchange}/{nth}"))

    def chance(self, position: int, exchange: Exchange, nth: int) -> Random:
        """Randomness for whether a fault meets a request, as a session on a wire draws it."""
        return Random(f"{self._chance.dice_seed}/{position}/{exchange}/{nth}/chance")

    @property
    def waiting(self) -> int:
        """Requests that wait for their reply now."""
        return sum(line.open_request is not None for line in self.lines.values())

    def _truth_changed(self, service: str, what: str, data: dict[str, Any]) -> None:
        self.ledger.truth_changed(service, what, data, self.deciding)

    # ── windows of time ──────────────────────────────────────────────────────────────────────────────────────────────

    def _at(self, elapsed_s: float, then: Callable[[], None]) -> None:
        assert self._began_s is not None
        due_s = self._began_s + elapsed_s
        if due_s <= self._time.now:
            then()
        else:
            self._time.call_at(due_s, then)

    def _window_opens(self, position: int, rule: Rule) -> None:
        service, plan = rule.when.service, plan_of(rule.fault)
        assert service is not None
        if plan is ConnectPlan.DROP:
            self.script.matched(position)
            self._deaf[service].append(position)
            self.ledger.listener_deaf(service, deaf=True)
        elif plan is ConnectPlan.REFUSE:
            self.script.matched(position)
            self._refusing[service] += 1
            if self._refusing[service] == 1:
                self.ledger.listener_changed(service, listening=False)
        for line in list(self.lines.values()):
            if line.service == service and line.open_request is None:
                line.leave()
        until_s = (rule.when.from_s or 0.0) + (rule.when.for_s or 0.0)
        self._at(until_s, partial(self._window_closes, service, position, plan))

    def _window_closes(self, service: Service, position: int, plan: object) -> None:
        self._windows_left[service] -= 1
        if plan is ConnectPlan.DROP:
            self._deaf[service].remove(position)
            if not self._deaf[service]:
                self.ledger.listener_deaf(service, deaf=False)
        elif plan is ConnectPlan.REFUSE:
            self._refusing[service] -= 1
            if self._refusing[service] == 0:
                self.ledger.listener_changed(service, listening=True)


class OpenLine(Protocol):
    """What the services know of a connection."""

    service: str
    open_request: int | None

    def leave(self) -> None:
        """Close it, unless it is gone."""


def _origin(service: Service, tls: bool) -> str:
    return f"{'https' if tls else 'http'}://{SIMULATED_HOST}:{FIRST_PORT + SERVICES.index(service)}"


@lru_cache(maxsize=64)
def endpoints_of(exchanges: frozenset[Exchange], tls: bool) -> dict[str, str]:
    """For each of these exchanges, by its value, the absolute URL."""
    return {
        exchange.value: _origin(SERVICE_OF[exchange], tls) + path for exchange, path in PATHS.items() if exchange in exchanges
    }

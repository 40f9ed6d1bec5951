"""A run on the model tier that adds to the table of the services what it sees of each request, until it sees something that
no table can hold: chance, a request that names another one, a second one while something of the first still goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import count
from typing import Any

from fake_servers.faults.script import SERVICE_OF
from fake_servers.services.decision import Decision, ServiceRequest
from harness.client.effects import Arrived, Broke, Event, Send
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from harness.tiers.agenda import Agenda, Planned
from harness.tiers.carriage import Unwritten
from harness.tiers.compiled import (
    Answers,
    Asks,
    Course,
    News,
    Script,
    Services,
    State,
    is_repeatable,
    kind_of,
    number_of,
)
from harness.tiers.driver import TIMED_OUT
from harness.tiers.ledger import connection_opened, fault_fired_at, fault_fired_on, request_received
from harness.tiers.log import Log, Makes
from harness.tiers.model import ModelRun
from harness.tiers.services import ModelSession
from harness.tiers.wire import Call, Wire


class WatchedTime:
    """An agenda as the services and the network have it, that knows whether anything of theirs is still to come."""

    def __init__(self, agenda: Agenda) -> None:
        self._agenda = agenda
        self._planned: dict[int, Planned] = {}
        self._numbers = count()
        self.last_s = 0.0

    @property
    def now(self) -> float:
        """Seconds since the beginning."""
        return self._agenda.now

    def time(self) -> float:
        """The same."""
        return self._agenda.now

    def call_at(self, when: float, callback: Callable[..., object], *args: Any) -> Planned:
        """Plan a call. That the pool looks through what it keeps is no news of a request."""
        if getattr(callback, "__func__", None) is Wire._clean:
            return self._agenda.call_at(when, callback, *args)

        number = next(self._numbers)

        def run() -> None:
            del self._planned[number]
            self.last_s = self._agenda.now
            callback(*args)

        self._planned[number] = planned = self._agenda.call_at(when, run)
        return planned

    @property
    def is_quiet(self) -> bool:
        """Whether nothing is to come."""
        self._planned = {number: planned for number, planned in self._planned.items() if planned[2] is not None}
        return not self._planned


class Heard:
    """A request under way, as far as it was seen."""

    def __init__(self, send: Send, state: State, kind: object, positions: tuple[int, ...], now_s: float) -> None:
        self.send = send
        self.state = state
        self.kind = kind
        self.positions = positions
        self.sent_s = self.last_s = now_s
        self.news: list[tuple[float, News]] = []
        self.fired: list[int] = []
        self.opens = 0
        self.is_over = False

    def happens(self, now_s: float, news: News) -> None:
        """Something came of it."""
        self.news.append((now_s - self.last_s, news))
        self.last_s = now_s
        self.is_over = isinstance(news, Arrived | Answers | Broke)


class LearningWire(Wire):
    """A wire that writes down what each request comes to."""

    def __init__(self, session: ModelSession, time: WatchedTime, scenario: Scenario, services: Services) -> None:
        super().__init__(session, time, scenario.world.latency)
        self._watched = time
        self._script = Script(scenario.faults)
        self._services = services
        self._state = services.start
        self._state.truth = self._state.truth or _truth(session)
        self._is_lost = False
        self._heard: Heard | None = None
        self._asked: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        self._nonces: set[str] = set()
        self._keys: dict[str, int] = {"": 0}

    def send(self, send: Send, tell: Callable[[Event], None]) -> Call:
        self._conclude()
        request = send.request
        if request.nonce in self._nonces:
            self._is_lost = True
        if self._is_lost:
            return super().send(send, tell)
        if request.nonce:
            self._nonces.add(request.nonce)
        key = self._keys.setdefault(request.idempotency_key, len(self._keys))
        exchange, service = request.exchange, SERVICE_OF[request.exchange]
        meets = self._script.meets(exchange, self._asked.get(exchange, 0) + 1, self._accepted.get(service, 0))
        kind = kind_of(send, key, meets.marks, self._may_use_kept(service))
        heard = self._heard = Heard(send, self._state, kind, meets.positions, self.time.now)

        def told(event: Event) -> None:
            if heard is self._heard:
                self._happens(heard, event)
            tell(event)

        return _LearningCall.begun(self, send, told)

    def _may_use_kept(self, service: str) -> bool:
        now_s, longest_s = self.time.now, HttpSender.keeps_idle_s
        kept = (line for line in self._idle if line.service == service and not line.client_knows_end)
        return any(now_s - line.used_s <= longest_s for line in kept)

    def _happens(self, heard: Heard, event: Event) -> None:
        news: News = event
        if isinstance(event, Arrived):
            request = heard.send.request
            if not is_repeatable(event, request.exchange, self.session.spoken, request.contents):
                self._give_up()
                return
            reply = event.reply
            if isinstance(reply, Unwritten) and reply.decision is not None and request.nonce:
                news = Answers(reply) if reply.decision.nonce == request.nonce else event
        heard.happens(self.time.now, news)

    def dropped(self, send: Send) -> None:
        """The client gives a request up; if its time was up, that is what came of it."""
        heard = self._heard
        if heard is None or heard.send is not send or heard.is_over:
            return
        if self.time.now == heard.sent_s + send.timeout_s:
            heard.happens(self.time.now, TIMED_OUT)
        else:
            self._heard, self._is_lost = None, True

    def arrived(self, exchange: str) -> None:
        """A request was received."""
        self._asked[exchange] = self._asked.get(exchange, 0) + 1
        if self._heard is not None:
            self._heard.happens(self.time.now, Asks(exchange))

    def opened(self, service: str) -> None:
        """A connection was accepted."""
        self._accepted[service] = self._accepted.get(service, 0) + 1
        if self._heard is not None:
            self._heard.opens += 1

    def fired(self, position: int) -> None:
        """A fault has changed something about a request."""
        heard = self._heard
        if heard is None:
            return
        if position in heard.positions:
            heard.fired.append(heard.positions.index(position))
        else:
            self._give_up()

    def close(self) -> None:
        self._conclude()
        super().close()

    # ── what came of it ──────────────────────────────────────────────────────────────────────────────────────────────

    def _give_up(self) -> None:
        """What is under way has to be played in full each time; what comes after it was not foreseen either."""
        if self._heard is not None:
            self._services.add(self._heard.state, self._heard.kind, None)
        self._heard, self._is_lost = None, True

    def _conclude(self) -> None:
        """All that could come of the last request has come."""
        heard = self._heard
        if heard is None or self._is_lost:
            return
        if self.session.has_drawn:
            self._give_up()
            return
        if not heard.is_over or not self._watched.is_quiet or len(self.session.lines) > len(self._idle):
            self._heard, self._is_lost = None, True  # it may come to rest where the next request comes later
            return
        self._heard, exchange = None, heard.send.request.exchange
        then = self._services.state(*_mark(self.session, self._keys))
        course = Course(
            tuple(heard.news),
            tuple(heard.fired),
            heard.opens,
            any(news == Asks(exchange) for _, news in heard.news),
            self._may_use_kept(SERVICE_OF[heard.send.request.exchange]),
            max(0.0, self._watched.last_s - heard.last_s),
            then,
        )
        self._services.add(heard.state, heard.kind, course)
        self._state = then


class _LearningCall(Call):
    """A call that tells when it is dropped."""

    @classmethod
    def begun(cls, wire: LearningWire, send: Send, tell: Callable[[Event], None]) -> Call:
        call = cls(wire, send, tell)
        call._learns = wire
        call.begin()
        return call

    _learns: LearningWire

    def drop(self) -> None:
        self._learns.dropped(self._send)
        super().drop()


class _LearningLog(Log):
    """Passes every note on, and shows the wire what the services note of requests and faults."""

    def __init__(self, agenda: Agenda, inner: Log) -> None:
        super().__init__(agenda)
        self._inner = inner
        self.wire: LearningWire

    def note(self, makes: Makes, *of: Any) -> None:
        self._inner.note(makes, *of)
        if makes is request_received:
            self.wire.arrived(of[4])
        elif makes is fault_fired_on or makes is fault_fired_at:
            self.wire.fired(of[0])
        elif makes is connection_opened:
            self.wire.opened(of[1])


class LearningRun(ModelRun):
    """A full run, from which the table of the services learns."""

    def __init__(
        self, scenario: Scenario, client: ReferenceClient, seed: int, log: Callable[[Agenda], Log], services: Services
    ) -> None:
        self._services = services
        super().__init__(scenario, client, seed, lambda agenda: _LearningLog(agenda, log(agenda)))

    def _serve(self, seed: int) -> None:
        assert isinstance(self.log, _LearningLog)
        time = WatchedTime(self.agenda)
        self.session = ModelSession(self.scenario, seed, time, self.log)
        self._wire = self.log.wire = LearningWire(self.session, time, self.scenario, self._services)


def _mark(session: ModelSession, keys: dict[str, int]) -> tuple[object, dict[str, Any]]:
    """What tells one state of the services from another, and what they know in it."""
    truth = _truth(session)
    told = tuple(_nameless(request, decision, keys) for request, decision in session.store.told())
    redirecting = tuple((exchange, number_of(fault)) for exchange, (_, fault) in session.redirecting.items())
    return (repr(truth), told, redirecting), truth


def _truth(session: ModelSession) -> dict[str, Any]:
    return {**session.store.truth(), "nonces": [], "idempotency_keys": []}


def _nameless(request: ServiceRequest, decision: Decision, keys: dict[str, int]) -> object:
    key = str(keys[request.idempotency_key])
    return replace(request, nonce="", idempotency_key=key), replace(decision, nonce="")

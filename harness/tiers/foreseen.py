"""One history by the table of the services: the client's logic is played as everywhere, effect by effect, and what comes of
its requests is looked up.
"""

from __future__ import annotations

from bisect import insort
from dataclasses import dataclass
from random import Random
from typing import Any, Generic, NamedTuple, TypeVar

from fake_servers.content_keys import content_key
from fake_servers.faults.script import SERVICE_OF, Fate
from fake_servers.store import SECONDS_A_DAY
from harness.client.decisions import Decisions
from harness.client.effects import (
    Answered,
    Arrived,
    Ask,
    Event,
    Keep,
    Kept,
    Logic,
    Pause,
    Report,
    Resume,
    Send,
)
from harness.client.http_sender import HttpSender
from harness.client.reference import ReferenceClient
from harness.client.shelf import Shelf
from harness.client.words import message_of
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Do, Scenario, UserAction
from harness.status.message import StatusMessage
from harness.tiers.carriage import carriage
from harness.tiers.compiled import Answers, Asks, Course, Script, Services, State, is_plain, kind_of, services_of
from harness.tiers.driver import ELAPSED
from harness.tiers.services import endpoints_of
from harness.tiers.situation import situation_in
from harness.tiers.walker import walks_of
from harness.tiers.watch import Watch
from harness.world.user import User

FIRED, UNFIRED, NOT_REACHED = Fate.FIRED.value, Fate.UNFIRED.value, Fate.NOT_REACHED.value

W = TypeVar("W", bound=Watch)


@dataclass(frozen=True, slots=True)
class Ended(Generic[W]):
    """How a history ended.

    Attributes:
        watch: Who watched it.
        why: ``settled`` or ``limit``.
        fates: What became of each fault of the script.
        licenses: What the device holds.
        truth: What the services know, but for the names that chance gave to requests.
        open_connections: Those that outlived the client.
    """

    watch: W
    why: str
    fates: tuple[str, ...]
    licenses: tuple[str, ...]
    truth: dict[str, Any]
    open_connections: int = 0


class Unforeseen(Exception):  # noqa: N818  # no error: the history has to be played in full
    """Nobody can foresee what comes now."""


class Unknown(Unforeseen):
    """The table has no answer yet."""


class Plan:
    """What is the same in every history of a scenario and a client."""

    def __init__(self, scenario: Scenario, client: ReferenceClient) -> None:
        self.scenario, self.client = scenario, client
        self.operation = scenario.operation
        given, world = scenario.given, scenario.world
        zero_s = self.zero_s = world.date.timestamp()
        self.limit_s, self.observe_s = world.limit, world.observe
        day = zero_s // SECONDS_A_DAY
        self.services: Services | None = None
        stays_in_a_day = (zero_s + self.limit_s) // SECONDS_A_DAY == day
        if stays_in_a_day and is_plain(scenario) and all(action.at is None for action in scenario.user):
            self.services = services_of(scenario.dialect, given, tls=world.tls, latency_s=world.latency, day=int(day))
            self.script = Script(scenario.faults)
        self.core = client.cores[scenario.operation]
        self.policy = client.profile.retry or RetryPolicy(attempts=1)
        self.walks = walks_of(client)
        self.licenses = {content: content_key(content) for content in given.licenses}
        self.component = given.client_version if given.individualized else ""
        self.spoken = carriage(scenario.dialect)
        endpoints = endpoints_of(self.spoken.exchanges, world.tls)
        self.situation = situation_in(scenario, self.spoken, endpoints, Random(0), float, float)


class _Due(NamedTuple):
    """Something that the user is about to do."""

    at_s: float
    order: int
    action: UserAction


class Foreseen:
    """One history, by the table.

    Whatever is not as simple as it mostly is (the user acts while a request is under way, the client goes on after it has
    settled) is :class:`Unforeseen`, and not for this class to get right.
    """

    def __init__(self, plan: Plan, services: Services, seed: int, watch: Watch) -> None:
        client = plan.client
        self._plan, self._watch = plan, watch
        self.now_s = 0.0
        self._state: State = services.start
        self._course: Course | None = None
        self._place = 0
        self._nonce = self._service = ""
        self._ended_s = 0.0
        self._stop_s = plan.limit_s  # what lies beyond needs to be looked at first: the limit, or the user's next act
        self._idle: dict[str, float] = {}  # by service, since when a kept connection has been idle
        self._asked: dict[str, int] = {}
        self._accepted: dict[str, int] = {}
        self._nonces: set[str] = set()
        self._keys: dict[str, int] = {"": 0}
        self._matched: set[int] = set()
        self._fired: set[int] = set()
        self._shelf = Shelf(licenses=plan.licenses, component=plan.component, backup=plan.scenario.given.backup)
        decisions = client.decisions()
        self._tells = None if type(decisions).tells is Decisions.tells else decisions.tells
        situation = plan.situation._replace(rng=Random(f"client {seed}"), now_s=self._now, epoch_s=self._epoch_s)
        self._core = plan.core(situation, plan.policy, decisions, self._shelf, plan.walks)
        self._user = User(plan.scenario.user) if plan.scenario.user else None
        self._due: list[_Due] = []
        self._settled = False
        self._opened = 1

    def _now(self) -> float:
        return self.now_s

    def _epoch_s(self) -> float:
        return self._plan.zero_s + self.now_s

    def play(self) -> Ended[Any]:
        """Play it to its end.

        Raises:
            Unforeseen: It has to be played in full.
        """
        self._start()
        self._play_round(self._core.play_round("start"))
        while self._user_opens():
            self._play_round(self._core.play_round("retry"))
        return self._end()

    def _start(self) -> None:
        if not self._state.truth:
            raise Unknown
        self._watch.acted(0.0, "start")

    def _end(self) -> Ended[Any]:
        if not self._settled or (self._course is not None and self._course.settles_s > self._plan.observe_s):
            raise Unforeseen
        licenses = tuple(sorted(self._shelf.licenses))
        return Ended(self._watch, "settled", self._fates(), licenses, self._state.truth)

    def _fates(self) -> tuple[str, ...]:
        fired, matched = self._fired, self._matched
        return tuple(
            FIRED if n in fired else UNFIRED if n in matched else NOT_REACHED for n in range(len(self._plan.scenario.faults))
        )

    # ── a round ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _play_round(self, logic: Logic) -> None:
        send = logic.send
        event: Event = None
        while True:
            try:
                effect = send(event)
            except StopIteration:
                return
            except Exception as error:  # a client that dies of a bug of its own falls silent
                raise Unforeseen from error
            kind = type(effect)
            if kind is Report:
                self._hear(effect)  # type: ignore[arg-type]  # its kind was just compared, which is quicker than a match
                event = None
            elif kind is Resume:
                event = self._next()
            elif kind is Send:
                self._begin(effect)  # type: ignore[arg-type]  # the same
                event = self._next()
            elif kind is Keep:
                event = Kept(self._shelf.apply(effect))  # type: ignore[arg-type]  # the same
            elif kind is Pause:
                event = self._pause(effect.seconds)  # type: ignore[union-attr]  # the same
            elif kind is Ask:
                event = self._ask()
            else:  # several requests at once
                raise Unforeseen

    def _begin(self, send: Send) -> None:
        """Look the request up."""
        before, now_s, request = self._course, self.now_s, send.request
        if self._settled or (
            before is not None and (self._place < len(before.news) or now_s - self._ended_s < before.settles_s)
        ):
            raise Unforeseen
        nonce, exchange = request.nonce, request.exchange
        if nonce in self._nonces:
            raise Unforeseen
        if nonce:
            self._nonces.add(nonce)
        self._nonce = nonce
        key = self._keys.setdefault(request.idempotency_key, len(self._keys))
        service = SERVICE_OF[exchange]
        since_s = self._idle.pop(service, None)
        is_kept = since_s is not None and now_s - since_s <= HttpSender.keeps_idle_s
        accepted = self._accepted.get(service, 0)
        meets = self._plan.script.meets(exchange, self._asked.get(exchange, 0) + 1, accepted)
        try:
            course = self._state.courses[kind_of(send, key, meets.marks, is_kept)]
        except KeyError:
            raise Unknown from None
        if course is None:
            raise Unforeseen
        self._course, self._place, self._state, self._service = course, 0, course.then, service
        if course.opens:
            self._accepted[service] = accepted + course.opens
        if meets.positions:
            self._matched.update(meets.matched(course))
            self._fired.update([meets.positions[place] for place in course.fired])

    def _next(self) -> Event:
        """What happens next to the request that is under way, as far as the client sees it."""
        while isinstance(event := self._happens(), Asks):
            pass
        return event

    def _happens(self) -> Asks | Event:
        """The same, as far as anybody sees it."""
        course = self._course
        if course is None or self._place == len(course.news):
            raise Unforeseen
        after_s, what = course.news[self._place]
        self._place += 1
        self.now_s = now_s = self.now_s + after_s
        if now_s >= self._stop_s:
            raise Unforeseen
        if isinstance(what, Asks):
            self._asked[what.exchange] = self._asked.get(what.exchange, 0) + 1
            self._watch.asked(now_s, what.exchange)
            return what
        if self._place == len(course.news):
            self._ended_s = now_s
            if course.keeps:
                self._idle[self._service] = now_s
        return Arrived(what.reply.answering(self._nonce)) if isinstance(what, Answers) else what

    def _pause(self, seconds: float) -> Event:
        until_s = self.now_s + seconds
        if self._settled:
            raise Unforeseen
        while until_s >= self._stop_s:
            if not self._due or self._due[0].at_s >= until_s:
                raise Unforeseen
            self._act()
        self.now_s = until_s
        return ELAPSED

    # ── the user ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, report: Report) -> None:
        if self._tells is None:
            self._watch.said(self.now_s, report)
            self._meet(report)
        else:
            for status in self._tells(message_of(report)):
                self._watch.said(self.now_s, status)
                self._meet(status)

    def _meet(self, said: Report | StatusMessage) -> None:
        if said.phase.settles:
            self._settled = True
        if self._user is not None:
            action = self._user.meets(said)  # type: ignore[arg-type]  # a report has all that a user looks at
            if action is not None:
                insort(self._due, _Due(self.now_s + action.after, len(self._due), action))
                self._stop_s = min(self._stop_s, self._due[0].at_s)

    def _act(self) -> Do:
        """What the user does next."""
        at_s, _, action = self._due.pop(0)
        if at_s >= self._plan.limit_s or action.do in (Do.CANCEL, Do.COMPLETE_PAGE):
            raise Unforeseen
        self.now_s = at_s
        self._stop_s = self._due[0].at_s if self._due else self._plan.limit_s
        self._watch.acted(at_s, action.do)
        if action.do is Do.RETRY:
            self._settled = False
        return action.do

    def _ask(self) -> Event:
        while self._due and not self._settled:
            do = self._act()
            if do is not Do.RETRY:
                return Answered(do in (Do.CONSENT, Do.OVERWRITE))
        raise Unforeseen

    def _user_opens(self) -> bool:
        """Whether the user opens another round."""
        return any(self._act() is Do.RETRY and self._may_open() for _ in range(len(self._due)))

    def _may_open(self) -> bool:
        core = self._core
        if core.round != self._opened or not core.offers_round():
            return False
        self._opened += 1
        return True

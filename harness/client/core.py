"""The client's logic, sans-IO: it walks an operation's table and yields what has to be done in each state.

``Core`` knows how a round goes, how an attempt is made and what follows a failed one. What is done in each state of each
operation stands in ``harness/client/steps``: one generator a state, which returns the next trigger.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Generator, Mapping, Sequence
from random import Random
from typing import Any, ClassVar, NamedTuple

from fake_servers.dialects.base import Dialect
from fake_servers.services.decision import Decision, Exchange, ServiceRequest
from harness.client.decisions import Decisions, Trouble
from harness.client.effects import (
    AllEnded,
    Answered,
    Arrived,
    Ask,
    Broke,
    CancelAsked,
    Effect,
    Event,
    Keep,
    Kept,
    Logic,
    Moving,
    Pause,
    Question,
    Report,
    Resume,
    Send,
    SendTogether,
)
from harness.client.shelf import Shelf
from harness.errors import DeclarationError
from harness.languages.catalogue import nearest
from harness.operations.catalogue import OPERATIONS
from harness.operations.lifecycle import Lifecycle, Walker
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Settings
from harness.status.message import Progress
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


class Situation(NamedTuple):
    """What the application and the device give the client to work with.

    Attributes:
        check: Check value of the content's key, as the content's header carries it.
        also: Further contents that are needed at the same moment, each with its key's check value.
        now_s: The clock for durations, in seconds.
        epoch_s: The date, in seconds since 1970.
    """

    dialect: Dialect
    endpoints: Mapping[str, str]
    device: str
    computer: str
    content: str
    check: str
    also: Mapping[str, str]
    url_trust: str
    revoked: tuple[str, ...]
    restricted: tuple[str, ...]
    vault: bool
    settings: Settings
    rng: Random
    now_s: Callable[[], float]
    epoch_s: Callable[[], float]


class Step(NamedTuple):
    """The next trigger, and what the status that goes with it says beyond its phase."""

    trigger: str
    reason: Reason | None = None
    retryable: bool | None = None
    progress: Progress | None = None
    retry_in_s: float | None = None
    url: str | None = None


Steps = Generator[Effect, Event, Step]
RESUME = Resume()


class CancelledByUserError(Exception):
    """The user's cancel, on its way from an effect to the round. Never leaves this module's generators."""


class Core:
    """One operation of one client, over as many rounds as the user opens.

    Subclasses hold ``in_<state>`` for every state that is not settled; that is checked when they are declared.
    """

    operation: ClassVar[Operation]
    network_states: ClassVar[frozenset[str]]
    _in_state: ClassVar[dict[str, Callable[[Any], Steps]]]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        lifecycle = OPERATIONS[cls.operation]
        waits = [s for s in lifecycle.states if s not in lifecycle.ends and s != lifecycle.initial]
        if missing := [state for state in waits if not hasattr(cls, f"in_{state}")]:
            raise DeclarationError(f"{cls.__name__} has no step for {missing} of {cls.operation}")
        cls._in_state = {state: getattr(cls, f"in_{state}") for state in waits}

    def __init__(
        self,
        situation: Situation,
        policy: RetryPolicy,
        decisions: Decisions,
        shelf: Shelf,
        walks: Callable[[Lifecycle], Walker] = Walker,
    ) -> None:
        self.situation = situation
        self.policy = policy
        self.decisions = decisions
        self.shelf = shelf
        self.walker = walks(OPERATIONS[self.operation])
        self._language = nearest(situation.settings.language)
        self.round = 0
        self.attempt = 0
        self.may_retry = True
        self.individualize_consented = situation.settings.individualize_consented
        self._failures: Counter[str] = Counter()
        self._keys: dict[Exchange, str] = {}
        self._pause_s = 0.0
        self._side_trips = 0
        self._began_s = 0.0

    # ── a round ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def play_round(self, opened_by: str) -> Logic:
        """One round, opened by ``start`` or ``retry``, up to its settling status."""
        self.round += 1
        self._failures.clear()
        self._side_trips = 0
        self._began_s = self.situation.now_s()
        walker, in_state = self.walker, self._in_state
        if (report := self._take(Step(opened_by))) is not None:
            yield report
        while not walker.settled:
            try:
                step = yield from in_state[walker.state](self)
            except CancelledByUserError:
                step = Step(trigger="cancel", reason=Reason.CANCELLED_BY_USER, retryable=True)
            if (report := self._take(step)) is not None:
                yield report

    def offers_round(self) -> bool:
        """Whether the user may open another round now."""
        return self.walker.settled and self.may_retry and self.walker.may("retry")

    def _take(self, step: Step) -> Report | None:
        """Move on, and what the user is to hear of it."""
        row = self.walker.fire(step.trigger)
        networked = row.destination in self.network_states
        if networked and row.source != row.destination:
            self.attempt += 1
        return None if row.says is None else self._report(row.says, step, networked)

    def _report(self, phase: Phase, step: Step, on_network: bool) -> Report:
        _, reason, retryable, progress, retry_in_s, url = step
        if phase.settles:
            if phase is Phase.SUCCEEDED or phase is Phase.BLOCKED:
                retryable = False
            self.may_retry = retryable is not False
        else:
            retryable = None
        return Report(
            self.operation, self.round, self.attempt, phase, on_network, reason, retryable, progress, retry_in_s, url,
            self._language,
        )  # fmt: skip

    # ── one effect, with whatever the user does meanwhile ────────────────────────────────────────────────────────────

    def perform(self, effect: Effect) -> Generator[Effect, Event, Event]:
        """Yield an effect and return what came of it. A cancel ends the state, if its table allows one."""
        event = yield effect
        while type(event) is CancelAsked:
            event = yield from self._meet_cancel()
        return event

    def _meet_cancel(self) -> Generator[Effect, Event, Event]:
        if self.decisions.heeds_cancel() and self.walker.may("cancel"):
            raise CancelledByUserError
        if self.walker.may("cancel_too_late") and (report := self._take(Step("cancel_too_late"))) is not None:
            yield report
        return (yield RESUME)

    def ask(self, question: Question) -> Generator[Effect, Event, bool]:
        """The user's answer."""
        event = yield from self.perform(Ask(question))
        assert isinstance(event, Answered)
        return event.yes

    def keep(self, change: Keep) -> Generator[Effect, Event, bool]:
        """Store it; False if the device could not."""
        event = yield from self.perform(change)
        assert isinstance(event, Kept)
        return event.done

    # ── one attempt ──────────────────────────────────────────────────────────────────────────────────────────────────

    def exchange(self, exchange: Exchange, **fields: Any) -> Generator[Effect, Event, Decision | Trouble]:
        """One request and what it came to; tells the user that it was sent, and how much of the reply has arrived."""
        send = self._request(exchange, **fields)
        event = yield from self._sending(send)
        assert isinstance(event, Arrived | Broke)
        return self._read(send, event)

    def exchange_each(self, exchange: Exchange, contents: Sequence[str]) -> Generator[Effect, Event, list[Decision | Trouble]]:
        """A request for each of these contents, all at the same moment, and what each came to."""
        if len(contents) == 1:
            send = self._request(exchange, contents=tuple(contents))
            event = yield from self._sending(send)
            assert isinstance(event, Arrived | Broke)
            return [self._read(send, event)]
        sends = tuple([self._request(exchange, contents=(content,)) for content in contents])
        event = yield from self._sending(SendTogether(sends))
        assert isinstance(event, AllEnded)
        return [self._read(send, each) for send, each in zip(sends, event.events, strict=True)]

    def _request(self, exchange: Exchange, **fields: Any) -> Send:
        situation, decisions = self.situation, self.decisions
        nonce, key = self._names(exchange)
        request = ServiceRequest(
            exchange=exchange,
            device=situation.device,
            client_version=self.shelf.component,
            nonce=nonce,
            idempotency_key=key,
            **fields,
        )
        return Send(
            request,
            situation.dialect,
            situation.endpoints[exchange],
            decisions.attempt_timeout_s(self.policy),
            decisions.largest_body,
            decisions.most_redirects,
            decisions.verify_tls,
        )

    def _sending(self, effect: Send | SendTogether) -> Generator[Effect, Event, Event]:
        """Tell the user how it moves; what it ends with. As ``perform``, but for the one more generator a step."""
        event = yield effect
        while True:
            kind = type(event)
            if kind is Moving:
                if (report := self._moved(event)) is not None:  # type: ignore[arg-type]  # its kind was just compared
                    yield report
                event = yield RESUME
            elif kind is CancelAsked:
                event = yield from self._meet_cancel()
            else:
                return event

    def _read(self, send: Send, event: Arrived | Broke) -> Decision | Trouble:
        request, decisions = send.request, self.decisions
        outcome = decisions.read(send.dialect, request.exchange, event, request.contents, self.situation.epoch_s())
        if isinstance(outcome, Decision) and not decisions.answers_this(outcome, request.nonce):
            return Trouble(Reason.UNREADABLE_REPLY)
        return outcome

    def _moved(self, moving: Moving) -> Report | None:
        """What the user hears of it."""
        received, total = moving
        trigger = "bytes_arrived" if received else "request_sent"
        if not self.walker.may(trigger):
            return None
        return self._take(Step(trigger, progress=Progress(done=received, total=total) if received else None))

    def _names(self, exchange: Exchange) -> tuple[str, str]:
        """What keeps a repetition from being taken for a second wish: a fresh nonce, or the same key again."""
        rng, decisions = self.situation.rng, self.decisions
        if exchange is Exchange.LICENSE or exchange is Exchange.MONITOR:
            return decisions.nonce(rng), ""
        self._keys[exchange] = key = decisions.idempotency_key(self._keys.get(exchange), rng)
        return "", key

    def done_with(self, exchange: Exchange) -> None:
        """The wish was granted: the next request of this exchange is another one."""
        self._keys.pop(exchange, None)

    # ── after a failed attempt ───────────────────────────────────────────────────────────────────────────────────────

    def after(
        self,
        trouble: Trouble,
        *,
        again: str = "attempt_failed",
        spent: str = "attempts_spent",
        refused: str = "reply_refused",
    ) -> Step:
        """Another attempt after a pause, or the end of the round."""
        state = self.walker.state
        self._failures[state] += 1
        failed = self._failures[state]
        pause_s = self.decisions.pause_s(self.policy, trouble, failed, self.situation.rng)
        begins_s = self.situation.now_s() - self._began_s + pause_s
        if self.decisions.retries(self.policy, trouble, failed, begins_s):
            self._pause_s = pause_s
            return Step(trigger=again, reason=trouble.reason, retry_in_s=self._pause_s)
        ending = spent if trouble.reason in self.policy.reasons else refused
        return self.failure(ending, trouble.reason, url=trouble.url or None)

    def forget_failures(self) -> None:
        """An attempt got through: the next failure in this state is a first one."""
        self._failures[self.walker.state] = 0

    def failure(self, trigger: str, reason: Reason, url: str | None = None) -> Step:
        """A step into a settled failure, with the offer that goes with its reason."""
        return Step(trigger=trigger, reason=reason, retryable=self.decisions.offers_retry(reason), url=url)

    def pause(self, then: str = "retry_due") -> Steps:
        """Wait as announced."""
        yield from self.perform(Pause(self._pause_s))
        return Step(trigger=then)

    # ── the side trip ────────────────────────────────────────────────────────────────────────────────────────────────

    def side_trip(self) -> Step:
        """Individualize and come back; a bounded number of times a round, or it would never end."""
        needed = Reason.NEEDS_INDIVIDUALIZATION
        if self._side_trips >= self.decisions.side_trips:
            return self.failure("individualized_in_vain", needed)
        self._side_trips += 1
        asks = self.decisions.asks_consent(self.individualize_consented)
        return Step(trigger="needs_individualization" if asks else "consent_given_before", reason=needed)

    def consent_to_individualize(self, then: str) -> Steps:
        """Ask the user, and remember a yes for later rounds."""
        if not (yield from self.ask(Question.CONSENT)):
            return Step(trigger="refused", reason=Reason.CONSENT_REFUSED, retryable=True)
        self.individualize_consented = True
        return Step(trigger=then)

    def individualize(self) -> Generator[Effect, Event, Trouble | None]:
        """One try to fetch and store the device's component; None if it is there now."""
        outcome = yield from self.exchange(Exchange.INDIVIDUALIZATION)
        if isinstance(outcome, Trouble):
            return outcome
        self.done_with(Exchange.INDIVIDUALIZATION)
        if not (yield from self.keep(Keep(component=outcome.client_version))):
            return Trouble(Reason.STORAGE_FAILED)
        return None

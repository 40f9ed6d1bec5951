"""A scenario that grows while it is played: what happens next is decided by what the client has said so far.

In virtual time a run is a function of its scenario: the same scenario, and the same client, give the same trace. So "now" is a
moment in the trace of all that was decided until now; a new fault or act is written into the scenario there, and the run is
played again from its beginning. What comes after now is what would happen if nobody did anything more, and is judged, too.
"""

from __future__ import annotations

from collections.abc import Callable
from math import ceil

from fake_servers.faults.base import Fault
from fake_servers.faults.early import shuts_the_port
from fake_servers.faults.script import SERVICE_OF, Rule, When
from fake_servers.journal import ConnectionOpened, RequestReceived
from fake_servers.services.decision import Exchange
from harness.adapters.protocol import ClientUnderTest
from harness.checks.lifecycle_walk import OPENING, LifecycleWalk
from harness.checks.registry import Ruling, Verdict
from harness.explore.grounds import AS_USUAL, Ground, Twist
from harness.explore.histories import EARLY, History, scenario_of
from harness.explore.sentences import sentence
from harness.operations.catalogue import OPERATIONS
from harness.runner import Run, run
from harness.scenario.consistency import ANSWERS
from harness.scenario.model import Do, Outcome, Scenario, UserAction
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.tiers.tier import Tier
from harness.trace.entry import StatusReported, UserActed

MOMENT_S = 0.001
"""Times are written in whole milliseconds, as people read them."""


class GrowingRun:
    """One run, and the scenario that tells it.

    Attributes:
        scenario: All that was decided so far.
        now_s: The present moment.
        run: How it comes out if nobody does anything more.
    """

    def __init__(
        self,
        ground: Ground,
        client: Callable[[], ClientUnderTest],
        *,
        twist: Twist = AS_USUAL,
        tls: bool = False,
        seed: int = 0,
        tier: Tier = "wire",
    ) -> None:
        bare = scenario_of(History(ground, (), twist, ()), found_by="grown")
        self.ground = ground
        self.scenario = bare.model_copy(update={"seed": seed, "world": bare.world.model_copy(update={"tls": tls})})
        self.now_s = 0.0
        self._client = client
        self._tier = tier
        self.run = self._played()

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def pass_time(self, seconds: float) -> None:
        """Nobody does anything for so long."""
        self.now_s = round(self.now_s + seconds, 3)

    def pass_time_until_a_word(self) -> None:
        """Until the client has said its next word; nothing happens if there is none to come."""
        coming = (
            entry.at for entry in self.run.trace.entries if isinstance(entry.what, StatusReported) and entry.at > self.now_s
        )
        self.now_s = max(self.now_s, ceil(next(coming, self.now_s) / MOMENT_S) * MOMENT_S)
        self.now_s = round(self.now_s, 3)

    def disturb(self, exchange: Exchange, fault: Fault, for_s: float = 1.0) -> None:
        """The next request of the exchange meets the fault; or its service's next connection, or all within ``for_s``."""
        service = SERVICE_OF[exchange]
        if shuts_the_port(fault):
            when = When(service=service, from_s=self.now_s, for_s=for_s)
        elif fault.layer in EARLY:
            when = When(service=service, connection=self.next_connection(service))
        else:
            when = When(exchange=exchange, nth=1 + self._so_far(RequestReceived, "exchange", exchange.value))
        self._grow(faults=(*self.scenario.faults, Rule(when=when, fault=fault)))

    def act(self, do: Do) -> None:
        """The user does this now."""
        expect = self.scenario.expect
        if do is Do.CANCEL and Outcome.CANCELLED not in expect.outcomes:
            expect = expect.model_copy(update={"outcome": (*expect.outcomes, Outcome.CANCELLED)})
        self._grow(user=(*self.scenario.user, UserAction(at=self.now_s, do=do)), expect=expect)

    # ── how it stands ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def said(self) -> tuple[StatusMessage, ...]:
        """The client's words up to now."""
        return tuple(
            entry.what.status
            for entry in self.run.trace.entries
            if entry.at <= self.now_s and isinstance(entry.what, StatusReported)
        )

    @property
    def may(self) -> frozenset[Do]:
        """What the user can do now: what the client asks, a retry that it offers, a stop where the table has one."""
        last = self.said[-1] if self.said else None
        acted = self.scenario.user[-1] if self.scenario.user else None
        if last is None or (acted is not None and acted.at == self.now_s):
            return frozenset()  # one thing at a time
        answers = {do for do, question in ANSWERS.items() if question is last.phase}
        if last.settles:
            offers = last.phase is not Phase.SUCCEEDED and last.retryable is not False and self._walk().allows("retry")
            return frozenset({Do.RETRY} if offers else ())
        return frozenset({*answers, *({Do.CANCEL} if self._walk().allows("cancel") else ())})

    def next_connection(self, service: str) -> int:
        """Number of the next connection to a service."""
        return 1 + self._so_far(ConnectionOpened, "service", service)

    @property
    def broken(self) -> tuple[Verdict, ...]:
        """Must-checks that fail."""
        return tuple(v for v in self.run.verdicts if v.ruling is Ruling.FAILED and v.check.level == "must")

    def told(self, check: str = "") -> Scenario:
        """The scenario as a file tells it."""
        tags = ("explored", *([check] if check else []))
        return self.scenario.model_copy(update={"about": sentence(self.scenario, check), "tags": tags, "name": "unnamed"})

    # ── inside ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _grow(self, **changes: object) -> None:
        self.scenario = self.scenario.model_copy(update=changes)
        self.run = self._played()

    def _played(self) -> Run:
        return run(self.scenario, self._client, client_name="client", adapter="python", network="simulated", tier=self._tier)

    def _so_far(self, kind: type, name: str, value: str) -> int:
        entries = (entry for entry in self.run.trace.entries if entry.at <= self.now_s)
        return sum(isinstance(entry.what, kind) and getattr(entry.what, name) == value for entry in entries)

    def _walk(self) -> LifecycleWalk:
        """The operation's table, walked along what the client has said up to now."""
        walk = LifecycleWalk(OPERATIONS[self.scenario.operation], self.run.trace.profile.silent)
        for entry in self.run.trace.entries:
            if entry.at > self.now_s:
                break
            if isinstance(entry.what, UserActed) and entry.what.do in OPENING:
                walk.user_opens(entry.what.do)
            elif isinstance(entry.what, StatusReported):
                walk.client_says(entry.what.status.phase)
        return walk

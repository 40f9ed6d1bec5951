"""T0 by the hundred thousand: histories without a trace, for those who ask how it ended, or watch while it goes on.

Each is looked up (``foreseen``) where the table of the services (``compiled``) knows all that its requests come to. Where it
does not, the history is played in full from its beginning, and the table learns from it.
"""

from __future__ import annotations

from collections.abc import Callable

from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from harness.tiers.agenda import Agenda
from harness.tiers.compiled import Services
from harness.tiers.foreseen import Ended, Foreseen, Plan, Unforeseen, Unknown, W
from harness.tiers.learning import LearningRun
from harness.tiers.log import Log
from harness.tiers.model import ModelRun
from harness.tiers.watch import Watch, WatchedLog


class Bare:
    """Plays histories of one client, on the model tier or, with ``ForeseenMessage``, on asyncio.

    Attributes:
        in_full: How many of them had to be played in full.
    """

    def __init__(self, client: ReferenceClient, foreseen: Callable[[Plan, Services, int, Watch], Foreseen] = Foreseen) -> None:
        self._client = client
        self._foreseen = foreseen
        self._plan: Plan | None = None
        self.in_full = 0

    def play(self, scenario: Scenario, seed: int, watches: Callable[[], W]) -> Ended[W]:
        """Play one; ``watches`` makes whoever watches it."""
        plan = self._plan
        if plan is None or plan.scenario is not scenario:
            plan = self._plan = Plan(scenario, self._client)
        if plan.services is None:
            return self._fully(plan, seed, watches)
        try:
            return self._foreseen(plan, plan.services, seed, watches()).play()
        except Unknown:
            return self._fully(plan, seed, watches, plan.services)
        except Unforeseen:
            return self._fully(plan, seed, watches)

    def _fully(self, plan: Plan, seed: int, watches: Callable[[], W], learner: Services | None = None) -> Ended[W]:
        self.in_full += 1
        watch = watches()
        scenario, client = plan.scenario, self._client

        def log(agenda: Agenda) -> Log:
            return WatchedLog(agenda, watch)

        run = LearningRun(scenario, client, seed, log, learner) if learner else ModelRun(scenario, client, seed, log)
        run.play()
        truth = {**run.session.store.truth(), "nonces": [], "idempotency_keys": []}
        return Ended(watch, run.why, run.fates, tuple(sorted(run.shelf.licenses)), truth, run.open_connections)

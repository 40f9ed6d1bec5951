"""A state machine for Hypothesis: one operation of one client, in a world that does its worst, with the checks as invariants.

A client's authors subclass it in their own suite::

    class Acquisition(OperationMachine):
        client = MyClient
        operation = "license_acquisition"

    TestAcquisition = Acquisition.TestCase

Its steps are what can happen: a fault meets the next request, time passes, the service is away for a while, the user answers,
tries again or stops it; each is open where the operation's own table, and what the client has said last, allow it. After each
step all checks hold, or it ends with the broken rule, a sentence and a scenario file that ``drm-harness run`` plays again.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

import fake_servers.faults  # noqa: F401  # registers the house's faults
from fake_servers.faults.base import Fault
from fake_servers.faults.script import SERVICE_OF
from fake_servers.services.decision import Exchange
from harness.adapters.protocol import ClientUnderTest
from harness.explore.decoder import Menu, menu_for
from harness.explore.grounds import AS_USUAL, Ground
from harness.explore.growing import GrowingRun
from harness.explore.histories import EARLY, can_meet, refuses
from harness.scenario.model import Do
from harness.scenario.write import scenario_text
from harness.status.operation import Operation
from harness.tiers.tier import Tier

FOLDER = "DRM_HARNESS_EXPLORED"
"""Names the folder for scenario files, in the environment; ``drm-harness-explored`` unless it is set."""

PAUSES_S = (0.001, 0.1, 1.0, 5.0, 30.0)
AWAY_S = (0.5, 5.0, 60.0)
"""A restart of one process, of a machine, of a whole site."""

NEXT = 10_000
"""An attempt that is not the first: nothing may be refused there by its number."""


def _its(name: str) -> Any:
    """One of the options that the machine has under this name."""
    return st.runner().flatmap(lambda machine: st.sampled_from(getattr(machine, name)))


class OperationMachine(RuleBasedStateMachine):
    """Subclass it, and say which client and which operation.

    Attributes:
        client: Makes a fresh client under test.
        operation: What it is asked to do.
        faults: Names of faults; all if empty.
        tier: How much of the wire is real: ``wire`` for any client in process.
        seed: Of every run.
    """

    client: ClassVar[Callable[[], ClientUnderTest]]
    operation: ClassVar[Operation | str]
    faults: ClassVar[tuple[str, ...]] = ()
    tier: ClassVar[Tier] = "wire"
    seed: ClassVar[int] = 0

    playing: GrowingRun

    def __init__(self) -> None:
        super().__init__()
        self._make = type(self).client
        self.menu: Menu = menu_for(self._make().profile, [Operation(self.operation)], self.faults)

    # ── what there is to choose from ─────────────────────────────────────────────────────────────────────────────────

    @property
    def grounds(self) -> dict[str, Ground]:
        """The situations in which this client can be asked for the operation, by name."""
        return {ground.name: ground for ground in self.menu.grounds}

    @property
    def situations(self) -> tuple[tuple[str, str], ...]:
        """Each of them, with each of its peculiarities."""
        return tuple((ground.name, twist.name) for ground in self.menu.grounds for twist in (AS_USUAL, *ground.twists))

    @property
    def possible_faults(self) -> tuple[tuple[Exchange, Fault], ...]:
        """What the next request, or connection, of each exchange can meet."""
        playing = self.playing
        return tuple(
            (exchange, fault)
            for exchange in playing.ground.exchanges
            for examples in self.menu.examples.values()
            for fault in examples
            if can_meet(playing.ground, exchange, NEXT, fault)
            and (playing.scenario.world.tls or not fault.needs_tls)
            and not (fault.layer in EARLY and _is_awaited(playing, exchange))
        )

    # ── what can happen ──────────────────────────────────────────────────────────────────────────────────────────────

    @initialize(situation=_its("situations"), tls=st.booleans())
    def begin(self, situation: tuple[str, str], tls: bool) -> None:
        """The operation is started, in one of its situations."""
        ground = self.grounds[situation[0]]
        twist = next((each for each in ground.twists if each.name == situation[1]), AS_USUAL)
        self.playing = GrowingRun(ground, self._make, twist=twist, tls=tls, seed=self.seed, tier=self.tier)

    @rule(seconds=st.sampled_from(PAUSES_S))
    def time_passes(self, seconds: float) -> None:
        """Nobody does anything."""
        self.playing.pass_time(seconds)

    @rule()
    def the_client_says_something(self) -> None:
        """Time passes until it does."""
        self.playing.pass_time_until_a_word()

    @precondition(lambda self: bool(self.playing.ground.exchanges))
    @rule(what=_its("possible_faults"))
    def next_fault(self, what: tuple[Exchange, Fault]) -> None:
        """The next request, or connection, meets a fault."""
        self.playing.disturb(*what)

    @precondition(lambda self: "refused" in self.menu.examples and bool(self.playing.ground.exchanges))
    @rule(seconds=st.sampled_from(AWAY_S), place=st.integers(0, 1))
    def service_restarts(self, seconds: float, place: int) -> None:
        """Nobody listens for a while."""
        exchanges = self.playing.ground.exchanges
        away = next(fault for fault in self.menu.examples["refused"] if refuses(fault))
        self.playing.disturb(exchanges[min(place, len(exchanges) - 1)], away, seconds)

    @precondition(lambda self: Do.RETRY in self.playing.may)
    @rule()
    def user_retries(self) -> None:
        """The user takes up the offer."""
        self.playing.act(Do.RETRY)

    @precondition(lambda self: Do.CANCEL in self.playing.may)
    @rule()
    def user_cancels(self) -> None:
        """The user stops it."""
        self.playing.act(Do.CANCEL)

    @precondition(lambda self: bool(self.playing.may & {Do.CONSENT, Do.OVERWRITE}))
    @rule(agrees=st.booleans())
    def user_answers(self, agrees: bool) -> None:
        """The user consents, or agrees to overwrite; or does not."""
        asked = Do.CONSENT in self.playing.may
        self.playing.act((Do.CONSENT if agrees else Do.REFUSE) if asked else (Do.OVERWRITE if agrees else Do.KEEP))

    @precondition(lambda self: Do.COMPLETE_PAGE in self.playing.may)
    @rule()
    def user_completes_the_page(self) -> None:
        """The user is done in the browser."""
        self.playing.act(Do.COMPLETE_PAGE)

    # ── what must hold ───────────────────────────────────────────────────────────────────────────────────────────────

    @invariant()
    def every_check_holds(self) -> None:
        """Whatever happened until now, and if nothing more does."""
        for verdict in self.playing.broken[:1]:
            found, file = verdict.finding, _written(self.playing, verdict.check.id)
            raise AssertionError(
                f"{verdict.check.id} {verdict.check.title}\n  expected {found.expected}\n  observed {found.observed}\n"
                f"  {self.playing.told(verdict.check.id).about}\n  drm-harness run {file} --client …"
            )


def _is_awaited(playing: GrowingRun, exchange: Exchange) -> bool:
    """Whether the next connection has its fault already: a script holds one for each."""
    following = playing.next_connection(SERVICE_OF[exchange])
    return any(rule.when.connection == following for rule in playing.scenario.faults)


def _written(playing: GrowingRun, check: str) -> Path:
    """The file of the run; Hypothesis plays the smallest one last, so that is what it holds in the end."""
    folder = Path(os.environ.get(FOLDER, "drm-harness-explored"))
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{playing.scenario.operation.value}-{check}.yaml"
    file.write_text(scenario_text(playing.told(check)), encoding="utf-8")
    return file

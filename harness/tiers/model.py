"""T0, the model tier: a scenario played without asyncio, sockets and bytes, by the client's own logic."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from fake_servers.content_keys import content_key
from fake_servers.services.deciding import complete_page
from fake_servers.store import Store
from harness.client.core import Core
from harness.client.decisions import Decisions
from harness.client.effects import Report
from harness.client.reference import ReferenceClient
from harness.client.shelf import Shelf
from harness.client.words import message_of
from harness.operations.retry import RetryPolicy
from harness.scenario.model import Do, Scenario, UserAction
from harness.status.message import StatusMessage
from harness.tiers.agenda import Agenda
from harness.tiers.driver import ModelDriver
from harness.tiers.log import Log
from harness.tiers.services import ModelSession
from harness.tiers.situation import situation_in
from harness.tiers.walker import walks_of
from harness.tiers.wire import Wire
from harness.trace.entry import RightsHeld, RunEnded, StatusReported, UserActed
from harness.world.user import User

GRACE_S, GRACE_LOOKS = 0.5, 25


class ModelRun:
    """One scenario and one client, once. Conducts as ``harness.runner.conduct`` does, moment by moment.

    Attributes:
        log: Everything that happened so far.
        why: Why it ended.
        open_connections: Those that outlived the client.
    """

    def __init__(self, scenario: Scenario, client: ReferenceClient, seed: int, log: Callable[[Agenda], Log] = Log) -> None:
        self.scenario = scenario
        self.agenda = Agenda()
        self.log = log(self.agenda)
        self._serve(seed)
        self.why = "interrupted"
        given = scenario.given
        self._shelf = Shelf(
            licenses={content: content_key(content) for content in given.licenses},
            component=given.client_version if given.individualized else "",
            backup=given.backup,
        )
        self._driver = ModelDriver(self._wire, self.agenda, self._shelf, self._hear)
        decisions = client.decisions()
        self._core = self._core_of(client, decisions, seed)
        self._tells = None if type(decisions).tells is Decisions.tells else decisions.tells
        self._shows_rights = "rights" in client.capabilities
        self._user = User(scenario.user)
        self._planned = 0
        self.open_connections = 0
        self._settled = False
        self._is_cut = False
        self._opened = 1

    def _serve(self, seed: int) -> None:
        self.session = ModelSession(self.scenario, seed, self.agenda, self.log)
        self._wire = Wire(self.session, self.agenda, self.scenario.world.latency)

    def _core_of(self, client: ReferenceClient, decisions: Decisions, seed: int) -> Core:
        scenario, session = self.scenario, self.session
        chance = Random(f"client {seed}")
        situation = situation_in(scenario, session.spoken, session.endpoints, chance, self.agenda.time, session.clock.epoch_s)
        policy = client.profile.retry or RetryPolicy(attempts=1)
        return client.cores[scenario.operation](situation, policy, decisions, self._shelf, walks_of(client))

    # ── from beginning to end ────────────────────────────────────────────────────────────────────────────────────────

    def play(self) -> None:
        """Play it; the last note is ``run_ended``."""
        agenda, world = self.agenda, self.scenario.world
        self.log.begin()
        self.session.begin()
        self._note_rights()
        for action in self._user.timed():
            self._plan(action, action.at or 0.0)
        self._act_on("start")
        agenda.until = world.limit
        self._driver.drive(self._core.play_round("start"))
        agenda.run()
        agenda.now = max(agenda.now, agenda.until)
        self.why = "settled" if self._is_quiet and not self._is_cut else "limit"
        self._driver.stop()
        self._wire.close()
        self.open_connections = self._left_open()
        self.log.note(_run_ended, self.why, self.fates, self.session.store, self.open_connections)

    @property
    def fates(self) -> tuple[str, ...]:
        """What became of each fault of the script."""
        return tuple(fate.value for fate in self.session.script.fates())

    @property
    def shelf(self) -> Shelf:
        """What the device holds."""
        return self._shelf

    def _left_open(self) -> int:
        """Connections that outlive the client's end; a close may take a moment to arrive."""
        for _ in range(GRACE_LOOKS):
            if not self.session.open_connections:
                break
            self.agenda.until = self.agenda.now + GRACE_S / GRACE_LOOKS
            self.agenda.run()
            self.agenda.now = self.agenda.until
        return self.session.open_connections

    # ── what the client says ─────────────────────────────────────────────────────────────────────────────────────────

    def _hear(self, report: Report) -> None:
        if self._tells is None:
            self.log.note(status_reported, report)
            self._meet_soon(report)
        else:
            for status in self._tells(message_of(report)):
                self.log.note(status_told, status)
                self._meet_soon(status)

    def _meet_soon(self, said: Report | StatusMessage) -> None:
        """The user reacts once the client has finished speaking; where nobody will, nothing needs to be planned."""
        if self.scenario.user or self._settled or said.phase.settles:
            self.agenda.call_later(0.0, self._meet, said)

    def _meet(self, said: Report | StatusMessage) -> None:
        if said.settles:
            self._settled = True
            self._note_rights()
        action = self._user.meets(said)  # type: ignore[arg-type]  # a report has all that a user looks at
        if action is not None:
            self._plan(action, action.after)
        self._watch()

    # ── the user ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def _is_quiet(self) -> bool:
        return self._settled and not self._planned

    def _watch(self) -> None:
        """How long to watch from here on."""
        now, world = self.agenda.now, self.scenario.world
        if now >= world.limit:
            self._is_cut, self.agenda.until = True, now
        else:
            self.agenda.until = now + world.observe if self._is_quiet else world.limit

    def _plan(self, action: UserAction, delay_s: float) -> None:
        self._planned += 1
        self.agenda.call_later(delay_s, self._act, action)

    def _act(self, action: UserAction) -> None:
        self._planned -= 1
        self._act_on(action.do)
        core, driver = self._core, self._driver
        match action.do:
            case Do.RETRY:
                self._settled = False
                if core.round == self._opened and core.offers_round():
                    self._opened += 1
                    self.agenda.call_later(0.0, driver.drive, core.play_round("retry"))  # as a task begins: a turn later
            case Do.CANCEL:
                driver.cancel()
            case Do.CONSENT | Do.REFUSE:
                driver.answer(action.do is Do.CONSENT)
            case Do.OVERWRITE | Do.KEEP:
                driver.answer(action.do is Do.OVERWRITE)
            case Do.COMPLETE_PAGE:
                for token, page in sorted(self.session.store.truth()["pages"].items()):
                    if not page["completed"]:
                        complete_page(self.session.store, token)
        self._watch()

    def _act_on(self, do: str) -> None:
        self.log.note(user_acted, do)

    def _note_rights(self) -> None:
        if self._shows_rights:
            self.log.note(_rights_held, tuple(sorted(self._shelf.licenses)), bool(self._shelf.component))


# ── from notes to entries ────────────────────────────────────────────────────────────────────────────────────────────


def user_acted(at: float, do: Do) -> UserActed:
    return UserActed(do=do)


def status_reported(at: float, report: Report) -> StatusReported:
    return StatusReported(status=message_of(report, at))


def status_told(at: float, status: StatusMessage) -> StatusReported:
    return StatusReported(status=status.model_copy(update={"at": at}))


def _rights_held(at: float, licenses: tuple[str, ...], individualized: bool) -> RightsHeld:
    return RightsHeld(licenses=licenses, individualized=individualized)


def _run_ended(at: float, why: str, fates: tuple[str, ...], store: Store, open_connections: int) -> RunEnded:
    return RunEnded(why=why, fates=fates, truth=store.truth(), open_connections=open_connections)  # which has its last say

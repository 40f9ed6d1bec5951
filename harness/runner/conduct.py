"""Conducts one run: starts the client, plays the user, fetches what the client holds, and decides when it has seen enough."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass, replace

from fake_servers.content_keys import content_key, key_check
from harness.adapters.protocol import ClientUnderTest, Setup
from harness.runner.device import Happening, Timeline, WorldDevice
from harness.runner.reach import refuse_beyond_reach
from harness.scenario.model import Do, UserAction
from harness.status.message import StatusMessage
from harness.status.phase import Phase
from harness.trace.entry import (
    ClientNoted,
    OutcomeClaimed,
    RightsHeld,
    RunEnded,
    Seen,
    StatusReported,
    UserActed,
)
from harness.world.scaled_time import at_least_real, skipped_s
from harness.world.user import User
from harness.world.world import World

DEVICE = "device-1"
GRACE_S, GRACE_LOOKS = 0.5, 25
HURRY_S = 0.5
FAILED_ATTEMPT = frozenset({Phase.FAILED, Phase.RETRY_SCHEDULED})


Heard = StatusMessage | UserAction | Happening | Seen
"""What the conductor waits for: a word of the client or other news of it, a plan of the user's, a moment of the device."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long the conductor watches, in the world's seconds.

    Attributes:
        limit_s: A run that has not ended by then is cut short.
        spent_s: The same, not counting what the world skipped.
        observe_s: How long it still watches once nothing is left to do; what a settled client does then counts.
    """

    limit_s: float
    observe_s: float
    spent_s: float = math.inf


class Conductor:
    """Plays one scenario with one client in one world, once."""

    def __init__(self, world: World, client: ClientUnderTest, patience: Patience) -> None:
        self._world = world
        self._client = client
        self._patience = patience
        self._user = User(world.scenario.user)
        self._inbox: asyncio.Queue[Heard] = asyncio.Queue()
        self._planned = 0
        self._settled = False
        self._device = WorldDevice(world, client, self._start_again)
        self._timeline = Timeline(world, self._device, self._inbox.put_nowait)

    async def play(self, setup: Setup) -> None:
        """From initialize to shutdown; the last entry is ``run_ended``.

        Raises:
            OutOfReachError: Something is to happen to the device in which this client has no part.
        """
        why = "interrupted"
        self._setup = setup
        try:
            await self._client.initialize(setup)
            if not self._is_dead:
                refuse_beyond_reach(self._world.scenario, self._client)
            self._world.recorder.begin()
            self._world.session.begin()
            await self._note_rights()
            for action in self._user.timed():
                self._plan(action, action.at or 0.0)
            self._timeline.begin()
            await self._start()
            why = "client_died" if self._is_dead and not self._settled else await self._until_seen_enough()
        finally:
            await self._shut_down(HURRY_S if why == "interrupted" else None)
            open_connections = await self._left_open()
            self._world.recorder.record(
                RunEnded(
                    why=why,
                    fates=tuple(fate.value for fate in self._world.script.fates()),
                    device_fates=tuple(self._timeline.fates()),
                    truth=self._world.session.store.truth(),
                    open_connections=open_connections,
                )
            )

    async def _shut_down(self, within_s: float | None) -> None:
        """Politely; a user who has pressed Ctrl-C does not wait for a client that takes its time: it is ended then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if within_s is None else at_least_real(within_s)):
                await self._client.shutdown()

    async def _start(self) -> None:
        self._world.recorder.record(UserActed(do="start"))
        await self._client.start(self._world.scenario.operation)

    async def _start_again(self) -> None:
        """The client is there again, with what it had stored, and the application wants the same as before."""
        await self._client.initialize(replace(self._setup, restarted=True))
        await self._note_rights()
        self._settled = False
        await self._start()

    async def _left_open(self) -> int:
        """Connections that outlive the client's shutdown; a close may take a moment to arrive."""
        for _ in range(GRACE_LOOKS):
            if not self._world.session.open_connections:
                break
            await asyncio.sleep(at_least_real(GRACE_S / GRACE_LOOKS))
        return self._world.session.open_connections

    # ── what the client says ─────────────────────────────────────────────────────────────────────────────────────────

    def hear(self, status: StatusMessage) -> None:
        """A status message arrived."""
        at = round(self._world.recorder.elapsed_s, 6)
        entry = self._world.recorder.record(StatusReported(status=status.model_copy(update={"at": at})))
        if self._world.network == "loopback" and status.phase in FAILED_ATTEMPT:
            self._world.credit_refusals(entry)
        if status.settles or self._user.awaits(status) or self._timeline.awaits(status):  # nothing comes of any other
            self._inbox.put_nowait(status)

    def note(self, what: Seen) -> None:
        """Something else of the client's lane."""
        if isinstance(what, OutcomeClaimed | ClientNoted | RightsHeld):
            self._world.recorder.record(what)
        if isinstance(what, OutcomeClaimed) or self._is_dead:
            self._inbox.put_nowait(what)

    @property
    def _is_dead(self) -> bool:
        """Whether the client's program is gone of its own accord, so that nothing more will come of it."""
        return getattr(self._client, "died", False)

    # ── the user ─────────────────────────────────────────────────────────────────────────────────────────────────────

    async def _until_seen_enough(self) -> str:
        began_s = asyncio.get_running_loop().time()
        skipped_before_s = skipped_s()

        def left_s() -> float:
            elapsed_s = asyncio.get_running_loop().time() - began_s
            spent_s = elapsed_s - (skipped_s() - skipped_before_s)
            return min(self._patience.limit_s - elapsed_s, self._patience.spent_s - spent_s)

        while True:
            quiet = (self._settled or self._device.is_killed) and not (self._planned or self._timeline.planned)
            wait_s = self._patience.observe_s if quiet else left_s()
            try:
                async with asyncio.timeout(wait_s):
                    item = await self._inbox.get()
            except TimeoutError:
                if quiet or left_s() <= 0:
                    return "limit" if not quiet else "settled" if self._settled else "client_killed"
                continue  # the world skipped a stretch, which costs nobody's patience
            if self._is_dead and not self._settled and self._inbox.empty():
                return "client_died"
            if left_s() <= 0:
                return "limit"
            await self._meet(item)

    async def _meet(self, item: Heard) -> None:
        if isinstance(item, UserAction):
            self._planned -= 1
            if not self._device.is_killed:  # else there is nothing on the screen to touch
                await self._act(item)
            return
        if isinstance(item, Happening):
            await self._timeline.carry_out(item, under_way=not self._settled)
            return
        if isinstance(item, StatusMessage):
            self._timeline.meets(item)
        if not isinstance(item, OutcomeClaimed | StatusMessage):
            return
        settles = isinstance(item, OutcomeClaimed) or item.settles
        if settles:
            self._settled = True
            await self._note_rights()
        action = self._user.meets_outcome(item.outcome) if isinstance(item, OutcomeClaimed) else self._user.meets(item)
        if action is not None:
            self._plan(action, action.after)

    def _plan(self, action: UserAction, delay_s: float) -> None:
        self._planned += 1
        asyncio.get_running_loop().call_later(delay_s, self._inbox.put_nowait, action)

    async def _act(self, action: UserAction) -> None:
        self._world.recorder.record(UserActed(do=action.do))
        client = self._client
        match action.do:
            case Do.RETRY:
                self._settled = False
                self._timeline.round_is_under_way()
                await client.retry()
            case Do.CANCEL:
                await client.cancel()
            case Do.CONSENT | Do.REFUSE:
                await client.respond("consent", action.do is Do.CONSENT)
            case Do.OVERWRITE | Do.KEEP:
                await client.respond("overwrite", action.do is Do.OVERWRITE)
            case Do.COMPLETE_PAGE:
                self._world.complete_pages()
                await client.respond("page", True)

    async def _note_rights(self) -> None:
        if "rights" in self._client.capabilities and (held := await self._client.rights()) is not None:
            self._world.recorder.record(RightsHeld(licenses=held.licenses, individualized=held.individualized))


def setup_for(world: World, conductor: Conductor, *, ca_file: str | None, state_dir: str, speed: float = 1.0) -> Setup:
    """What the client is told, from what the scenario gives."""
    given = world.scenario.given
    return Setup(
        dialect=world.scenario.dialect,
        endpoints=world.session.endpoints,
        ca_file=ca_file,
        state_dir=state_dir,
        device=DEVICE,
        computer=given.computer,
        client_version=given.client_version if given.individualized else "",
        holds={content: content_key(content).hex() for content in given.licenses},
        restricted=given.restricted,
        content=given.content,
        key_check=key_check(given.content),
        also={content: key_check(content) for content in given.wanted if content != given.content},
        url_trust=given.url_trust,
        revoked=given.revoked or given.licenses,
        backup=given.backup,
        vault=given.vault,
        settings=world.scenario.settings,
        report=conductor.hear,
        note=conductor.note,
        epoch_s=world.clock.epoch_s,
        rng=world.rng,
        speed=speed,
    )

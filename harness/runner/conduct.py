"""Conducts one run: starts the client, plays the user, fetches what the client holds, and decides when it has seen enough."""

from __future__ import annotations

import asyncio
import math
from contextlib import suppress
from dataclasses import dataclass

from fake_servers.content_keys import content_key, key_check
from harness.adapters.protocol import ClientUnderTest, Setup
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


Heard = StatusMessage | UserAction | Seen
"""What the conductor waits for: a word of the client, a plan of the user's, or other news of the client."""


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

    async def play(self, setup: Setup) -> None:
        """From initialize to shutdown; the last entry is ``run_ended``."""
        why = "interrupted"
        try:
            await self._client.initialize(setup)
            self._world.recorder.begin()
            self._world.session.begin()
            await self._note_rights()
            for action in self._user.timed():
                self._plan(action, action.at or 0.0)
            self._world.recorder.record(UserActed(do="start"))
            await self._client.start(self._world.scenario.operation)
            why = "client_died" if self._is_dead and not self._settled else await self._until_seen_enough()
        finally:
            await self._shut_down(HURRY_S if why == "interrupted" else None)
            open_connections = await self._left_open()
            self._world.recorder.record(
                RunEnded(
                    why=why,
                    fates=tuple(fate.value for fate in self._world.script.fates()),
                    truth=self._world.session.store.truth(),
                    open_connections=open_connections,
                )
            )

    async def _shut_down(self, within_s: float | None) -> None:
        """Politely; a user who has pressed Ctrl-C does not wait for a client that takes its time: it is ended then."""
        with suppress(TimeoutError):
            async with asyncio.timeout(None if within_s is None else at_least_real(within_s)):
                await self._client.shutdown()

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
        if status.settles or self._user.awaits(status):  # nothing comes of any other
            self._inbox.put_nowait(status)

    def note(self, what: Seen) -> None:
        """Something else of the client's lane."""
        if isinstance(what, OutcomeClaimed | ClientNoted | RightsHeld):
            self._world.recorder.record(what)
        if isinstance(what, OutcomeClaimed) or self._is_dead:
            self._inbox.put_nowait(what)

    @property
    def _is_dead(self) -> bool:
        """Whether the client's program is gone, so that nothing more will come of it."""
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
            quiet = self._settled and not self._planned
            wait_s = self._patience.observe_s if quiet else left_s()
            try:
                async with asyncio.timeout(wait_s):
                    item = await self._inbox.get()
            except TimeoutError:
                if quiet or left_s() <= 0:
                    return "settled" if quiet else "limit"
                continue  # the world skipped a stretch, which costs nobody's patience
            if self._is_dead and not self._settled and self._inbox.empty():
                return "client_died"
            if left_s() <= 0:
                return "limit"
            await self._meet(item)

    async def _meet(self, item: Heard) -> None:
        if isinstance(item, UserAction):
            self._planned -= 1
            await self._act(item)
            return
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

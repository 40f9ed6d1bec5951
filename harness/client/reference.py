"""The reference client: our worked example of a client that can be judged, and the measure of what a correct one does."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar

from fake_servers.dialects import DIALECTS
from fake_servers.dialects.base import Dialect
from harness.adapters.protocol import Rights, Setup
from harness.client.core import Core, Situation
from harness.client.decisions import Decisions
from harness.client.driver import ClosableSender, Driver
from harness.client.effects import Report
from harness.client.http_sender import HttpSender
from harness.client.shelf import Shelf
from harness.client.steps import CORES
from harness.client.words import message_of
from harness.operations.lifecycle import Lifecycle, Walker
from harness.operations.retry import RetryPolicy
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation

CAPABILITIES = frozenset({"status", "outcome", "truth", "rights", "wire", "retry_policy", "attempts", "progress"})


class ReferenceClient:
    """All five operations over aiohttp, in process.

    Clients that differ replace ``decisions`` or ``profile``; for what is no decision, a step of ``cores`` or the ``sender``.
    """

    decisions: ClassVar[type[Decisions]] = Decisions
    cores: Mapping[Operation, type[Core]] = CORES
    walks: Callable[[Lifecycle], Walker] = Walker
    sender: Callable[[str | None], ClosableSender] = HttpSender
    speaks: Callable[[str], Dialect] = DIALECTS.__getitem__
    profile: Profile = Profile(
        name="reference", about="The harness's own client, over aiohttp.", retry=RetryPolicy(), several_contents=True
    )
    capabilities: frozenset[str] = CAPABILITIES

    def __init__(self) -> None:
        self._core: Core | None = None
        self._round: asyncio.Task[None] | None = None
        self._opened = 0  # rounds, those included that are about to begin

    async def initialize(self, setup: Setup) -> None:
        """Get ready; no request yet."""
        self._setup = setup
        self._core, self._round, self._opened = None, None, 0
        if not setup.restarted:
            self._shelf = Shelf(
                licenses={content: bytes.fromhex(key) for content, key in setup.holds.items()},
                component=setup.client_version,
                backup=setup.backup,
            )
        self._sender = self.sender(setup.ca_file)
        self._driver = Driver(self._sender, self._shelf, self._hear)

    async def start(self, operation: Operation) -> None:
        """Begin the operation."""
        setup, loop = self._setup, asyncio.get_running_loop()
        situation = Situation(
            dialect=self.speaks(setup.dialect),
            endpoints=setup.endpoints,
            device=setup.device,
            computer=setup.computer,
            content=setup.content,
            check=setup.key_check,
            also=setup.also,
            url_trust=setup.url_trust,
            revoked=setup.revoked,
            restricted=setup.restricted,
            vault=setup.vault,
            settings=setup.settings,
            rng=setup.rng,
            now_s=loop.time,
            epoch_s=setup.epoch_s,
        )
        policy = self.profile.retry or RetryPolicy(attempts=1)
        self._core = self.cores[operation](situation, policy, self.decisions(), self._shelf, self.walks)
        self._play("start")

    async def respond(self, question: str, yes: bool) -> None:
        """The user's answer. That the page is done, the client sees for itself."""
        if question != "page":
            self._driver.answer(yes)

    async def retry(self) -> None:
        """The next round, where one may be opened; a user who presses twice opens one."""
        core = self._core
        if core is not None and core.round == self._opened and core.offers_round():
            await self._finish()
            self._play("retry")

    async def cancel(self) -> None:
        """Stop what can be stopped."""
        self._driver.cancel()

    async def rights(self) -> Rights:
        """What the device holds."""
        return Rights(tuple(sorted(self._shelf.licenses)), bool(self._shelf.component))

    async def shutdown(self) -> None:
        """End the round and close every connection."""
        if self._round is not None:
            self._round.cancel()
        await self._finish()
        await self._sender.close()

    async def kill(self) -> None:
        """All that is in memory is gone, and with it every connection; the shelf stands for the disk."""
        await self.shutdown()

    async def fill_storage(self, full: bool) -> None:
        """Nothing more can be stored; or again."""
        self._shelf.full = full

    def _play(self, opened_by: str) -> None:
        assert self._core is not None
        self._opened += 1
        self._round = asyncio.create_task(self._driver.drive(self._core.play_round(opened_by)))

    async def _finish(self) -> None:
        if self._round is not None:
            await asyncio.wait([self._round])

    def _hear(self, report: Report) -> None:
        assert self._core is not None
        for status in self._core.decisions.tells(message_of(report)):
            self._tell(status)

    def _tell(self, status: StatusMessage) -> None:
        self._setup.report(status)

"""A player in a page as a client under test: a fresh browser context for each run, and its events read by the profile's table.

The page is an application that does as little as one can: it plays a film, tries again when its user wants it, and stops when
told to. All that the player says, and each license request that it makes of its browser, goes on record as a note.
"""

from __future__ import annotations

import asyncio
import json
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from fake_servers.faults.base import LOOPBACK_ONLY
from harness.adapters.browser import chromium
from harness.adapters.browser.mapping import Interpreter
from harness.adapters.capabilities import capabilities_of
from harness.adapters.exceptions import shortened
from harness.adapters.protocol import Rights, Setup
from harness.errors import AdapterError
from harness.scenario.player import Player
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.trace.entry import ClientNoted

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Error, Page, Request

MOST_NOTES = 400
PREPARE_LIMIT_S, CALL_LIMIT_S = 30.0, 10.0
UNTOLD = frozenset({"text"})


class BrowserClient:
    """One player in one page.

    Attributes:
        name: In reports.
        profile: What the player promises, and the table of its events.
        capabilities: Status and outcome; what it holds cannot be asked of a player.
        networks: Where it can run.
        died: Its page crashed, or the browser is gone.
    """

    networks = LOOPBACK_ONLY

    def __init__(self, page: str, profile: Profile, player: Player) -> None:
        self._page_name = page
        self._player = player
        self.profile = profile
        self.name = profile.name
        self.capabilities = capabilities_of(frozenset({"status", "outcome"}), profile)
        self.died = False
        self._browser: chromium.Chromium | None = None
        self._context: BrowserContext | None = None
        self._page: Page | None = None
        self._setup: Setup | None = None
        self._interpreter: Interpreter | None = None
        self._notes = 0

    # ── what the harness calls ──────────────────────────────────────────────────────────────────────────────────────

    async def initialize(self, setup: Setup) -> None:
        self._setup = setup
        self._loop = asyncio.get_running_loop()
        self._browser = await asyncio.to_thread(chromium.shared)
        version = await self._browser.on_its_loop(self._open(self._browser, setup))
        if version != self._player.package_version:
            raise AdapterError(f"{self._player.package} says that it is {version!r}; delete its folder in the cache")

    async def start(self, operation: Operation) -> None:
        if operation is not Operation.LICENSE_ACQUISITION:
            raise AdapterError(f"a player in a browser runs license_acquisition, not {operation}")
        self._interpreter = Interpreter(self._player, operation)
        await self._call("start")

    async def respond(self, question: str, yes: bool) -> None:
        """A player asks nothing."""

    async def retry(self) -> None:
        if self._interpreter is not None:
            self._interpreter.open_round()
        await self._call("retry")

    async def cancel(self) -> None:
        await self._call("cancel")

    async def rights(self) -> Rights | None:
        return None

    async def shutdown(self) -> None:
        self._interpreter = None
        context, self._context = self._context, None
        if context is not None and self._browser is not None:
            with suppress(Exception):  # the browser may be gone, and there is nothing left to end then
                await self._browser.on_its_loop(asyncio.wait_for(context.close(), CALL_LIMIT_S))

    # ── on the browser's loop ───────────────────────────────────────────────────────────────────────────────────────

    async def _open(self, browser: chromium.Chromium, setup: Setup) -> object:
        library = browser.pages.offer(self._player)
        context = self._context = await browser.browser.new_context()
        await context.expose_binding("tellHarness", lambda _, event, fields: self._tell(self._heard, str(event), fields))
        page = self._page = await context.new_page()
        page.on("request", self._requested)
        page.on("pageerror", lambda error: self._tell(self._thrown, error))
        page.on("crash", lambda _: self._tell(self._crashed))
        await page.goto(f"{browser.pages.origin}/{self._page_name}.html")
        prepared = page.evaluate(
            "setup => window.player.prepare(setup)",
            {
                "origin": browser.pages.origin,
                "content": setup.content,
                "license": setup.endpoints["license"],
                "settings": self._player.settings,
                "library": library,
            },
        )
        return await asyncio.wait_for(prepared, PREPARE_LIMIT_S)

    def _requested(self, request: Request) -> None:
        """The player asks its browser for a license. What the browser sends again by itself is not told here."""
        assert self._setup is not None
        if request.url == self._setup.endpoints["license"] and request.redirected_from is None:
            self._tell(self._note, "request", f"{request.method} license")

    def _tell(self, whom: Any, *news: Any) -> None:
        """Hand news over to the run's own loop; they come there in this order."""
        with suppress(RuntimeError):  # the run is over, and its loop closed
            self._loop.call_soon_threadsafe(whom, *news)

    async def _call(self, name: str) -> None:
        if self._page is None or self._browser is None or self.died:
            return
        call = self._page.evaluate(f"window.player.{name}()")
        try:
            await self._browser.on_its_loop(asyncio.wait_for(call, CALL_LIMIT_S))
        except Exception as error:  # noqa: BLE001  # Playwright's errors, and its driver's death, have no root in common
            self._note("hung", shortened(f"{name}: {error}"))
            self._crashed()

    # ── on the run's loop ───────────────────────────────────────────────────────────────────────────────────────────

    def _heard(self, event: str, fields: Any) -> None:
        fields = fields if isinstance(fields, dict) else {}
        self._note("event", f"{event}{_shown(fields)}")
        status = self._interpreter.hear(event, fields) if self._interpreter is not None else None
        if status is not None and self._setup is not None:
            self._setup.report(status)

    def _thrown(self, error: Error) -> None:
        """Nobody in the page caught it."""
        self._note("exception", shortened(f"{error.name}: {error.message}"))

    def _crashed(self) -> None:
        self.died = True
        self._note("exit", "the page is gone")

    def _note(self, what: str, text: str) -> None:
        if self._setup is not None and self._notes < MOST_NOTES:
            self._notes += 1
            self._setup.note(ClientNoted(what=what, text=text))


def _shown(fields: dict[str, Any]) -> str:
    told = {name: value for name, value in fields.items() if value is not None}
    return f" {shortened(json.dumps(told, ensure_ascii=False))}" if told else ""

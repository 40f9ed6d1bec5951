"""One Chromium for the whole process, driven by Playwright, and the web server of its pages.

Each run has an event loop of its own, and a browser outlives many runs; so the browser lives on a loop in a thread. It is
started when it is first needed, and ends with the process, also if the process is interrupted. If the process is killed,
Playwright's driver, which finds its input closed, ends the browser; if the driver is killed as well, the browser finds its own
pipe closed.
"""

from __future__ import annotations

import asyncio
import atexit
import os
import shutil
import threading
from collections.abc import Coroutine
from contextlib import suppress
from typing import TYPE_CHECKING, Any, TypeVar

import psutil

from harness.adapters.browser.server import PageServer
from harness.adapters.browser.trust import trusting
from harness.adapters.offspring import MARK, kill, new_run_id, offspring, still_alive
from harness.errors import AdapterError

if TYPE_CHECKING:
    from playwright.async_api import Browser, Playwright

T = TypeVar("T")

PROGRAM_VARIABLE = "DRM_HARNESS_CHROMIUM"
PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
"""Where Debian, Ubuntu and Google put it; the first that there is."""

ARGUMENTS = ("--autoplay-policy=no-user-gesture-required", "--no-proxy-server")
START_LIMIT_S, END_LIMIT_S = 60.0, 10.0


def program() -> str:
    """The browser's program.

    Raises:
        AdapterError: There is none; the text says what to install.
    """
    named = os.environ.get(PROGRAM_VARIABLE)
    if named:
        found = shutil.which(named)
        if found is None:
            raise AdapterError(f"{PROGRAM_VARIABLE} says {named!r}, and there is no such program")
        return found
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is None:
        raise AdapterError(
            f"players need Chromium, and there is none here; on Debian: apt-get install chromium, or name another by "
            f"{PROGRAM_VARIABLE}"
        )
    return found


class Chromium:
    """The browser and its thread. Use ``shared``.

    Attributes:
        pages: The web server of the pages.
        browser: Playwright's, for coroutines that run by ``on_its_loop``.
    """

    browser: Browser

    def __init__(self) -> None:
        self.pages = PageServer()
        self.run_id = new_run_id()
        self._playwright: Playwright | None = None
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="chromium", daemon=True)

    async def on_its_loop(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something with the browser, from another loop. Cancelled here, it is cancelled there."""
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def start(self) -> None:
        """Start it. Blocks for a second or so.

        Raises:
            AdapterError: It does not start.
        """
        self._thread.start()
        atexit.register(self.close)
        started = asyncio.run_coroutine_threadsafe(self._start(), self._loop)
        try:
            started.result(START_LIMIT_S)
        except BaseException as error:
            started.cancel()
            self.close()
            if isinstance(error, AdapterError | KeyboardInterrupt):
                raise
            why = next(iter(str(error).strip().splitlines()), type(error).__name__)  # below it comes all of its command line
            raise AdapterError(f"{program()} does not start as a browser: {why}") from error

    async def _start(self) -> None:
        from playwright.async_api import Error, async_playwright

        await self.pages.start()
        self._playwright = await async_playwright().start()
        is_root = os.geteuid() == 0  # for whom Chromium's sandbox refuses to work, as it does in many containers
        try:
            self.browser = await self._launched(self._playwright, in_sandbox=not is_root)
        except Error:
            if is_root:
                raise
            self.browser = await self._launched(self._playwright, in_sandbox=False)

    async def _launched(self, playwright: Playwright, *, in_sandbox: bool) -> Browser:
        return await playwright.chromium.launch(
            executable_path=program(),
            headless=True,
            args=[*ARGUMENTS, trusting()],
            chromium_sandbox=in_sandbox,
            env={**os.environ, MARK: self.run_id},
            # The harness ends in order by itself; the browser must not go before.
            handle_sigint=False,
            handle_sigterm=False,
            handle_sighup=False,
        )

    @property
    def is_alive(self) -> bool:
        """Whether it can be used."""
        return self._thread.is_alive() and self.browser.is_connected()

    def processes(self) -> list[psutil.Process]:
        """The browser's own."""
        return offspring(self.run_id)

    def close(self) -> None:
        """End it, whatever state it is in. Safe to call twice."""
        atexit.unregister(self.close)
        if not self._thread.is_alive():
            return
        drivers = [child for child in psutil.Process().children() if "playwright" in " ".join(_words(child))]
        with suppress(Exception):  # a driver that an interrupt has ended already answers nothing
            asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(END_LIMIT_S)
        kill(self.processes())
        kill(still_alive(drivers))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(END_LIMIT_S)
        if not self._thread.is_alive():
            self._loop.close()

    async def _end(self) -> None:
        if self._playwright is not None:
            with suppress(Exception):
                await self.browser.close()
            await self._playwright.stop()
        await self.pages.stop()


def _words(process: psutil.Process) -> list[str]:
    try:
        return list(process.cmdline())
    except psutil.Error:
        return []


_current: list[Chromium] = []


def shared() -> Chromium:
    """The one of this process, started if need be, and anew if it has died.

    Raises:
        AdapterError: It does not start.
    """
    if _current and not _current[0].is_alive:
        _current.pop().close()
    if not _current:
        chromium = Chromium()
        chromium.start()
        _current.append(chromium)
    return _current[0]


def close_shared() -> None:
    """End it now rather than with the process."""
    while _current:
        _current.pop().close()

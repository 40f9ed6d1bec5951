"""Clients that are command lines: ``wire:command line with {placeholders}``.

Nothing is asked of the program but to run and to exit. Its traffic is seen at the services, and its exit status is what it
says of the outcome, as the profile maps it. The user's retry runs it again.
"""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Literal, cast

from fake_servers.dialects import DIALECTS
from fake_servers.faults.base import LOOPBACK_ONLY
from fake_servers.services.decision import Exchange, ServiceRequest
from harness.adapters.capabilities import capabilities_of
from harness.adapters.faketime import ahead_s, faked_time
from harness.adapters.placeholders import filled, placeholders_in
from harness.adapters.process import ClientProcess, ending_of, words_of
from harness.adapters.protocol import Rights, Setup
from harness.adapters.registry import adapter
from harness.errors import AdapterError
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.trace.entry import ClientNoted, OutcomeClaimed

CANCEL_GRACE_S = 1.0
"""From the SIGINT of a cancel to the end of the program's group."""

OTHER_PLACEHOLDERS = ("request", "request_file", "reply_file", "ca_file", "state_dir", "content", "key_check")
PLACEHOLDERS = (*(f"{exchange.value}_url" for exchange in Exchange), *OTHER_PLACEHOLDERS)

SIGNALS_SENT = (signal.SIGINT, signal.SIGTERM, signal.SIGKILL)
ENDED_BY_US = frozenset(status for number in SIGNALS_SENT for status in (-number, 128 + number))
"""Exit statuses of a program that a signal of ours ended; shells say it with 128 and the number."""

Outcome = Literal["succeeded", "failed", "cancelled", "blocked", "declined"]


@adapter("wire")
def wire_client(argument: str, profile: Profile | None) -> WireClient:
    """The program that the command line runs.

    Raises:
        AdapterError: It is no command line, its program is not found, or a placeholder is unknown.
    """
    words = words_of(argument)
    placeholders_in(words, PLACEHOLDERS)
    return WireClient(words, profile)


class WireClient:
    """A program that is run once a round, for license acquisition.

    Attributes:
        name: The client's name in reports.
        profile: The user's, or one that promises nothing and takes exit status 0 for success.
        capabilities: Outcome, wire and truth; and the retry policy, if one is promised.
        networks: Where it can run.
        words: The program and its arguments, with placeholders.
    """

    networks = LOOPBACK_ONLY

    def __init__(self, words: list[str], profile: Profile | None = None, *, cancel_grace_s: float = CANCEL_GRACE_S) -> None:
        self.words = words
        self._cancel_grace_s = cancel_grace_s
        self._setup: Setup | None = None
        self._runs: list[ClientProcess] = []
        self._watch: asyncio.Task[None] | None = None
        self._ending: asyncio.Task[None] | None = None
        self._is_cancelled = False
        self.profile = profile or unpromising(Path(words[0]).name)
        self.name = self.profile.name
        self.capabilities = capabilities_of(frozenset({"outcome"}), self.profile)

    async def initialize(self, setup: Setup) -> None:
        self._setup = setup
        if setup.restarted:
            return  # the command line holds nothing in memory, and means the same as before
        self._key = f"{setup.rng.getrandbits(64):016x}"

    async def start(self, operation: Operation) -> None:
        if operation is not Operation.LICENSE_ACQUISITION:
            raise AdapterError(f"the wire adapter runs license_acquisition, not {operation}; use stdio")
        await self._run()

    async def respond(self, question: str, yes: bool) -> None:
        """A command line asks nothing."""

    async def retry(self) -> None:
        await self._stop()
        await self._run()

    async def cancel(self) -> None:
        if self._watch is None or self._watch.done() or self._is_cancelled:
            return
        self._is_cancelled = True
        self._runs[-1].signal(signal.SIGINT)
        self._ending = asyncio.create_task(self._end_unless_gone(self._runs[-1], self._watch))

    async def rights(self) -> Rights | None:
        return None

    async def kill(self) -> None:
        """SIGKILL, for the program and all that it started. It claims no outcome then: that it ended is not its doing."""
        if self._watch is None or self._watch.done() or self._setup is None:
            return
        self._watch.cancel()
        self._setup.note(ClientNoted(what="killed", text="by the scenario"))
        self._runs[-1].kill_now()
        await asyncio.wait([self._watch])
        self._watch = None
        await self._runs[-1].end()

    async def shutdown(self) -> None:
        try:
            await self._stop()
        finally:
            for process in self._runs:
                await process.end()

    # ── one run of the program ──────────────────────────────────────────────────────────────────────────────────────

    async def _run(self) -> None:
        if self._setup is None:
            return
        setup = self._setup
        clock = faked_time(self.words, setup.speed, ahead_s(setup.epoch_s))
        process = ClientProcess(filled(self.words, self._values(setup)), note=setup.note, environment=clock)
        self._runs.append(process)
        self._is_cancelled = False
        await process.start()
        self._watch = asyncio.create_task(self._watch_exit(process, setup))

    async def _watch_exit(self, process: ClientProcess, setup: Setup) -> None:
        status = await process.exit_status()
        setup.note(ClientNoted(what="exit", text=ending_of(status)))
        setup.note(OutcomeClaimed(outcome=self._outcome(status), exit_status=status))

    def _outcome(self, status: int) -> Outcome:
        exits = self.profile.exits
        if str(status) not in exits and self._is_cancelled and status in ENDED_BY_US:
            return "cancelled"
        mapped = exits.get(str(status)) or exits.get("default")
        return cast("Outcome", mapped.value) if mapped else "succeeded" if status == 0 else "failed"

    async def _end_unless_gone(self, process: ClientProcess, watch: asyncio.Task[None]) -> None:
        await asyncio.wait([watch], timeout=self._cancel_grace_s)
        if not watch.done():
            await process.end()

    async def _stop(self) -> None:
        """End a program that still runs. It claims no outcome then: that it ended is our doing."""
        if self._ending is not None:
            await asyncio.wait([self._ending])
            self._ending = None
        if self._watch is None:
            return
        if not self._watch.done():
            self._watch.cancel()
            if self._setup is not None:
                self._setup.note(ClientNoted(what="killed", text="it was still running"))
            await self._runs[-1].end()
        await asyncio.wait([self._watch])
        self._watch = None

    # ── what the placeholders stand for ─────────────────────────────────────────────────────────────────────────────

    def _values(self, setup: Setup) -> dict[str, Callable[[], str]]:
        request = self._request(setup)
        request_file, reply_file = Path(setup.state_dir, "request"), Path(setup.state_dir, "reply")

        def written() -> str:
            request_file.write_bytes(request)
            return str(request_file)

        return {
            **{f"{exchange.value}_url": partial(_endpoint, setup, exchange.value) for exchange in Exchange},
            "request": lambda: _as_text(request),
            "request_file": written,
            "reply_file": lambda: str(reply_file),
            "ca_file": lambda: setup.ca_file or "",
            "state_dir": lambda: setup.state_dir,
            "content": lambda: setup.content,
            "key_check": lambda: setup.key_check,
        }

    def _request(self, setup: Setup) -> bytes:
        """The body of the license request; a fresh nonce each time, the same idempotency key throughout."""
        request = ServiceRequest(
            exchange=Exchange.LICENSE,
            device=setup.device,
            client_version=setup.client_version,
            contents=(setup.content,),
            nonce=f"{setup.rng.getrandbits(64):016x}",
            idempotency_key=self._key,
            computer=setup.computer,
        )
        return DIALECTS[setup.dialect].encode_request(request, _endpoint(setup, Exchange.LICENSE.value)).body


def _endpoint(setup: Setup, exchange: str) -> str:
    try:
        return setup.endpoints[exchange]
    except KeyError:
        known = ", ".join(f"{{{name}_url}}" for name in setup.endpoints)
        raise AdapterError(
            f"command line: the {setup.dialect} services of this run have no {{{exchange}_url}}; they have {known}"
        ) from None


def _as_text(body: bytes) -> str:
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError as error:
        raise AdapterError("command line: the request of this dialect is no text; use {request_file}, not {request}") from error


def unpromising(name: str) -> Profile:
    """The profile of a command line that says nothing of itself."""
    acquire = (Operation.LICENSE_ACQUISITION,)
    return Profile(name=name, operations=acquire, phases=(), retry=None, reports_attempts=False, reports_progress=False)

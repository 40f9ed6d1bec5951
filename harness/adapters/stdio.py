"""Clients that are programs: ``stdio:command line``. They speak JSON-RPC over standard input and output.

Only on loopback: a process does not wait for virtual time.
"""

from __future__ import annotations

from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from fake_servers.faults.base import LOOPBACK_ONLY
from harness.adapters import messages as m
from harness.adapters.capabilities import capabilities_of
from harness.adapters.conversation import Conversation
from harness.adapters.faketime import ahead_s, faked_time
from harness.adapters.process import words_of
from harness.adapters.protocol import Rights, Setup
from harness.adapters.registry import adapter
from harness.device.event import Ability
from harness.scenario.profile import Profile
from harness.status.operation import Operation

CALL_LIMIT_S = 5.0
"""A call is answered within this, or the client counts as dead."""

FIRST_CALL_LIMIT_S = 20.0
"""``initialize`` includes the start of the program, and some runtimes take their time."""

LEAVE_S = 1.0
"""How long a program may take to exit once ``shutdown`` is answered."""

LONG_S = 300.0
"""What a client may take where it has promised nothing."""

ALWAYS_ABLE: frozenset[Ability] = frozenset({"life"})

S = TypeVar("S", bound=m.Shape)


@adapter("stdio")
def stdio_client(argument: str, profile: Profile | None) -> StdioClient:
    """The program that the command line starts.

    Raises:
        AdapterError: It is no command line, or its program is not found.
    """
    return StdioClient(words_of(argument), profile)


class StdioClient:
    """A program that speaks the protocol.

    Attributes:
        name: From ``initialize`` on what the program calls itself.
        profile: The user's word, else from ``initialize`` on the program's own, else one that promises as little as can be.
        capabilities: What can be seen of it, known from ``initialize`` on.
        networks: Where it can run.
        words: The program and its arguments.
        abilities: What can be done to it; known from ``initialize`` on.
        waits: It has said that it takes every pause by ``wait``; known from ``initialize`` on.
    """

    networks = LOOPBACK_ONLY

    def __init__(
        self,
        words: list[str],
        profile: Profile | None = None,
        *,
        call_limit_s: float = CALL_LIMIT_S,
        first_call_limit_s: float = FIRST_CALL_LIMIT_S,
        leave_s: float = LEAVE_S,
    ) -> None:
        self.words = words
        self._given = profile
        self._call_limit_s, self._first_call_limit_s, self._leave_s = call_limit_s, first_call_limit_s, leave_s
        self._talk: Conversation | None = None
        self.waits = False
        self.abilities: frozenset[Ability] = ALWAYS_ABLE
        self.name = profile.name if profile else Path(words[0]).name
        self.profile = profile or unpromising(self.name)
        self.capabilities = capabilities_of(frozenset({"status", "outcome"}), self.profile)

    @property
    def died(self) -> bool:
        """It exited, hung or made itself deaf before it was told to end."""
        return self._talk is not None and self._talk.died

    @property
    def is_only_waiting(self) -> bool:
        """It waits for the world's time to pass, and says that it does nothing else meanwhile."""
        return self.waits and self._talk is not None and self._talk.is_only_waiting

    async def initialize(self, setup: Setup) -> None:
        clock = faked_time(self.words, setup.speed, ahead_s(setup.epoch_s))
        await self._bury()
        self._talk = Conversation(self.words, setup.report, setup.note, setup.epoch_s, clock)
        await self._talk.begin()
        params = m.InitializeParams(protocol=m.PROTOCOL, setup=m.PlainSetup.of(setup))
        result = await self._result("initialize", params, m.InitializeResult, self._first_call_limit_s)
        if result is None:
            self._talk.give_up()
            return
        self.name = result.name
        self.waits = result.waits
        self.abilities = ALWAYS_ABLE | {"storage"} if result.storage else ALWAYS_ABLE
        self.profile = self._given or result.profile or unpromising(result.name, result.version)
        self.capabilities = capabilities_of(await self._said(result), self.profile)

    async def start(self, operation: Operation) -> None:
        await self._call("start", m.StartParams(operation=operation))

    async def respond(self, question: str, yes: bool) -> None:
        await self._call("respond", m.RespondParams.model_validate({"question": question, "yes": yes}))

    async def retry(self) -> None:
        await self._call("retry")

    async def cancel(self) -> None:
        await self._call("cancel")

    async def rights(self) -> Rights | None:
        held = await self._result("rights", m.NO_PARAMS, m.RightsResult, self._call_limit_s)
        return Rights(held.licenses, held.individualized) if held else None

    async def kill(self) -> None:
        """SIGKILL, for the program and all that it started."""
        if self._talk is not None:
            await self._talk.kill()

    async def fill_storage(self, full: bool) -> None:
        await self._call("storage", m.StorageParams(full=full))

    async def _bury(self) -> None:
        """What is left of a program that was killed."""
        if self._talk is not None:
            await self._talk.end(self._call_limit_s, self._leave_s)

    async def shutdown(self) -> None:
        if self._talk is not None:
            await self._talk.end(self._call_limit_s, self._leave_s)

    async def _said(self, result: m.InitializeResult) -> frozenset[str]:
        """What the program lets one see: its own word, or what a try shows."""
        if result.capabilities is not None:
            return frozenset(result.capabilities)
        answers_rights = await self.rights() is not None
        return frozenset({"status", "outcome", *(["rights"] if answers_rights else [])})

    async def _call(self, method: str, params: m.Shape = m.NO_PARAMS) -> None:
        if self._talk is not None:
            await self._talk.call(method, params, limit_s=self._call_limit_s)

    async def _result(self, method: str, params: m.Shape, shape: type[S], limit_s: float) -> S | None:
        """The answer's result in its shape; None if there is none, it is null, or it has another shape."""
        if self._talk is None:
            return None
        answer = await self._talk.call(method, params, limit_s=limit_s, may_be_unknown=method == "rights")
        if answer is None or answer.result is None:
            return None
        try:
            return shape.model_validate(answer.result)
        except ValidationError as error:
            self._talk.note("garbage", f"the result of {method}: {m.reasons_of(error)}")
            return None


def unpromising(name: str, version: str = "") -> Profile:
    """The profile of a client that says nothing of itself: only what is true of every client is asked of it."""
    return Profile(
        name=name,
        version=version,
        phases=(),
        retry=None,
        first_status=LONG_S,
        silence=LONG_S,
        reports_attempts=False,
        reports_progress=False,
    )

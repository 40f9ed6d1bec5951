"""Clients in process: ``python:module:Name`` or ``python:path/file.py:Name``.

Works on both networks, as long as the client uses no threads, subprocesses or loop of its own. What the client raises
becomes an entry of the trace, never the harness's crash.
"""

from __future__ import annotations

import asyncio
import inspect
from dataclasses import replace
from typing import Any

from fake_servers.faults.base import BOTH_NETWORKS, Network
from harness.adapters.capabilities import SAID, abilities_of, capabilities_of
from harness.adapters.exceptions import describe
from harness.adapters.loading import loaded
from harness.adapters.protocol import ClientUnderTest, Rights, Setup
from harness.adapters.registry import adapter
from harness.errors import AdapterError, NoPromiseError
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.trace.entry import ClientNoted

CALL_LIMIT_S = 5.0
"""A call returns soon; one that is still busy after this long is cut off, and the client counts as dead."""

_METHODS = ("initialize", "start", "respond", "retry", "cancel", "rights", "shutdown")


@adapter("python")
def python_client(argument: str, profile: Profile | None) -> InProcessClient:
    """Load what ``argument`` names, call it, and wrap the client that it gives.

    Raises:
        AdapterError: It cannot be loaded or called, or what it gives is no client; the text says which and why.
    """
    make = loaded(argument)
    client = _made(make, argument, profile)
    if missing := missing_of(client):
        raise AdapterError(
            f"python:{argument}: {type(client).__name__} is no client under test, it has no {', '.join(missing)}; "
            "harness.adapters.protocol.ClientUnderTest says what each must do"
        )
    promised = profile or getattr(client, "profile", None)
    if not isinstance(promised, Profile):
        raise NoPromiseError(
            f"python:{argument}: what does this client promise? Give it an attribute 'profile' "
            "(a harness.scenario.profile.Profile), or give a profile on the command line; "
            f"drm-harness profile --infer --client python:{argument} measures one"
        )
    return InProcessClient(client, promised)


def missing_of(client: object) -> list[str]:
    """The methods of a client that this object does not have."""
    return [name for name in _METHODS if not callable(getattr(client, name, None))]


def _made(make: Any, argument: str, profile: Profile | None) -> Any:
    """The client. A class or function with a parameter ``profile`` is told the user's profile."""
    if not callable(make):
        raise AdapterError(f"python:{argument}: this is {make!r}; name a class, or a function that returns a client")
    try:
        takes_profile = profile is not None and "profile" in inspect.signature(make).parameters
        return make(profile=profile) if takes_profile else make()
    except Exception as error:
        raise AdapterError(f"python:{argument}: making the client failed: {describe(error)}") from error


class InProcessClient:
    """A client in this process, kept from doing harm to the run.

    Attributes:
        wrapped: The client itself.
        name: The client's name in reports.
        profile: What it promises: the user's word, else the client's own.
        capabilities: What can be seen of it; status, outcome and rights unless it has ``capabilities`` of its own.
        networks: Where it can run; both unless it has ``networks`` of its own.
        abilities: What can be done to it: ``life`` if it has a method ``kill``, ``storage`` if it has ``fill_storage``.
    """

    def __init__(self, client: ClientUnderTest, profile: Profile) -> None:
        self.wrapped = client
        self._setup: Setup | None = None
        self._hung = False
        self._ended = False
        self._is_dead = False
        self.profile = profile
        self.name = profile.name
        self.capabilities = capabilities_of(frozenset(getattr(client, "capabilities", SAID)), profile)
        self.abilities = abilities_of(client)
        self.networks: frozenset[Network] = frozenset(getattr(client, "networks", BOTH_NETWORKS))

    async def initialize(self, setup: Setup) -> None:
        self._setup = setup
        self._is_dead = False
        await self._call("initialize", replace(setup, report=self._report))

    async def start(self, operation: Operation) -> None:
        await self._call("start", operation)

    async def respond(self, question: str, yes: bool) -> None:
        await self._call("respond", question, yes)

    async def retry(self) -> None:
        await self._call("retry")

    async def cancel(self) -> None:
        await self._call("cancel")

    async def rights(self) -> Rights | None:
        held = await self._call("rights")
        if held is None:
            return None
        try:
            return Rights(tuple(held.licenses), bool(held.individualized))
        except (AttributeError, TypeError):
            self._note("garbage", f"rights: a {type(held).__name__} has no licenses and individualized, as Rights has")
            return None

    async def kill(self) -> None:
        """As far as the client can do it itself; it is not heard from here until it is initialized again."""
        self._is_dead = True
        await self._call("kill")

    async def fill_storage(self, full: bool) -> None:
        await self._call("fill_storage", full)

    async def shutdown(self) -> None:
        if not self._ended:
            self._ended, self._hung = True, False  # one that hung is asked to end all the same
            await self._call("shutdown")

    async def _call(self, method: str, *arguments: object) -> Any:
        """What the client answers; None if it raises, hangs, or hung before."""
        if self._hung:
            return None
        try:
            async with asyncio.timeout(CALL_LIMIT_S) as limit:
                answer = getattr(self.wrapped, method)(*arguments)
                return await answer if inspect.isawaitable(answer) else answer
        except asyncio.CancelledError as error:
            if (task := asyncio.current_task()) is not None and task.cancelling():
                raise  # the run itself is being cancelled
            self._note("exception", f"{method}: {describe(error)}")
        except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever a client raises is its own fault, and goes on record
            if limit.expired():
                self._hung = True
                self._note("hung", f"{method} had not returned after {CALL_LIMIT_S:g} s; a call only begins things")
            else:
                self._note("exception", f"{method}: {describe(error)}")
        return None

    def _report(self, status: StatusMessage) -> None:
        if self._setup is None or self._is_dead:
            return
        if isinstance(status, StatusMessage):
            self._setup.report(status)
        else:
            self._note("garbage", f"reported a {type(status).__name__} instead of a StatusMessage")

    def _note(self, what: str, text: str) -> None:
        if self._setup is not None:
            self._setup.note(ClientNoted(what=what, text=text))

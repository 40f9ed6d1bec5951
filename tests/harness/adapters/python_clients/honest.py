"""A client in process that says what it should and needs no network."""

from __future__ import annotations

from harness.adapters.protocol import Rights, Setup
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase

NOT_A_CLASS = 7


class Client:
    """Reports ``started`` and ``succeeded`` at once."""

    profile = Profile(name="honest", retry=None, reports_progress=False)

    async def initialize(self, setup: Setup) -> None:
        self.setup = setup

    async def start(self, operation: Operation) -> None:
        for phase in (Phase.STARTED, Phase.SUCCEEDED):
            self.setup.report(StatusMessage(operation=operation, phase=phase))

    async def respond(self, question: str, yes: bool) -> None:
        self.answer = (question, yes)

    async def retry(self) -> None: ...

    async def cancel(self) -> None: ...

    async def rights(self) -> Rights | None:
        return Rights(("film",), True)

    async def shutdown(self) -> None: ...


def with_profile(profile: Profile | None = None) -> Client:
    """A factory that is told the user's profile."""
    client = Client()
    client.profile = profile or Profile(name="from the factory")
    return client


class Mute:
    """Has two of the calls, so it is no client."""

    profile = Profile(name="mute")

    async def start(self, operation: Operation) -> None: ...

    async def cancel(self) -> None: ...


class Unmakeable(Client):
    def __init__(self) -> None:
        raise OSError("no such device")


class Unpromising(Client):
    profile = None  # type: ignore[assignment] # the mistake under test

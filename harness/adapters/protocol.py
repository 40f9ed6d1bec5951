"""What a client under test answers to, whatever it is written in."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Protocol, runtime_checkable

from harness.scenario.model import Settings
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.trace.entry import Seen


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What a client is told before it starts.

    Attributes:
        dialect: Which wire format the services speak.
        endpoints: Exchange to URL.
        ca_file: Path of the PEM file to trust, where the services speak TLS.
        state_dir: A folder of the client's own, empty at first; ``""`` on the simulated network, where nothing touches a disk.
        device: The device's name.
        computer: The computer's identity, for a restore.
        client_version: Version of the individualized component the device has; ``""`` if none.
        holds: Licenses that the device holds already, by content, with their test keys in hex.
        restricted: Those of them that may not be backed up.
        content: What a license is to be acquired for.
        key_check: Check value of the content's key, as its header carries it.
        also: Further contents that licenses are needed for at the same moment, each with its key's check value.
        url_trust: Signature state of the license URL.
        revoked: Contents whose licenses the issuer wants removed.
        backup: Contents in the local backup that exists, or None.
        vault: Backups go to the vault service rather than to the folder.
        settings: What the application asks for.
        report: Called with each status message.
        note: Called with entries of the client lane that are no status (stderr, exit, claimed outcome).
        epoch_s: The world's date, in seconds since 1970, for a client in process.
        rng: Randomness for a client in process; seeded by the world.
        restarted: The client was killed and is started again. It holds what it had stored; what is said here of ``holds``,
            ``client_version`` and ``backup`` is what it was given the first time.
        speed: The world's seconds in a real second; a program of its own gets a clock to match if it is more than 1.
    """

    dialect: str
    endpoints: Mapping[str, str]
    ca_file: str | None
    state_dir: str
    device: str
    computer: str
    client_version: str
    holds: Mapping[str, str]
    restricted: tuple[str, ...]
    content: str
    key_check: str
    also: Mapping[str, str] = field(default_factory=dict)
    url_trust: str
    revoked: tuple[str, ...]
    backup: tuple[str, ...] | None
    vault: bool
    settings: Settings
    report: Callable[[StatusMessage], None]
    note: Callable[[Seen], None]
    epoch_s: Callable[[], float]
    rng: Random = field(default_factory=lambda: Random(0))
    restarted: bool = False
    speed: float = 1.0


@dataclass(frozen=True, slots=True)
class Rights:
    """What a client holds locally."""

    licenses: tuple[str, ...]
    individualized: bool


@runtime_checkable
class Mortal(Protocol):
    """A client that can be killed. Optional; who has it can be started again by ``initialize``, with ``restarted`` set."""

    async def kill(self) -> None:
        """Be gone at once: not a word more, no goodbye to anybody, nothing more stored. What was stored stays."""
        ...


@runtime_checkable
class Filling(Protocol):
    """A client whose storage can be made full. Optional."""

    async def fill_storage(self, full: bool) -> None:
        """From now on nothing more can be stored; or, if not ``full``, again."""
        ...


class ClientUnderTest(Protocol):
    """A client behind an adapter. Every call returns soon; what happens is reported as status messages."""

    profile: Profile
    capabilities: frozenset[str]

    async def initialize(self, setup: Setup) -> None:
        """Get ready; no request yet."""
        ...

    async def start(self, operation: Operation) -> None:
        """Begin the operation: the first round."""
        ...

    async def respond(self, question: str, yes: bool) -> None:
        """The user's answer to ``consent``, ``overwrite`` or ``page`` (done)."""
        ...

    async def retry(self) -> None:
        """The user tries again: the next round."""
        ...

    async def cancel(self) -> None:
        """The user stops it."""
        ...

    async def rights(self) -> Rights | None:
        """What the client holds, or None if it cannot say."""
        ...

    async def shutdown(self) -> None:
        """End, and leave nothing behind. Safe to call twice, and after a crash."""
        ...

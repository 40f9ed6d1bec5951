"""Which clients are meant: from what stands on the command line to what makes them, and what they promise."""

from __future__ import annotations

import re
import shlex
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from fake_servers.faults.base import BOTH_NETWORKS, Network
from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient
from harness.adapters.registry import BUILT_IN, client_from, register_built_in
from harness.client.reference import ReferenceClient
from harness.scenario.load import load_profile
from harness.scenario.profile import Profile

INTERPRETER = re.compile(r"(python|node|deno|bun|java|ruby|perl|php|sh|bash|env|dotnet)[0-9.]*")
"""Programs that run others: the name of such a one would say nothing of the client."""


@dataclass(frozen=True, slots=True)
class Client:
    """One client under test.

    Attributes:
        name: In reports, unique among those of a command.
        spec: As on the command line.
        profile_given: As on the command line; empty if none was given.
        make: Makes a fresh one.
        profile: What it promises.
        networks: Where it can run.
    """

    name: str
    spec: str
    profile_given: str
    make: Callable[[], ClientUnderTest]
    profile: Profile
    networks: frozenset[Network]

    @property
    def adapter(self) -> str:
        """How it joins; the reference client joins in process."""
        return "python" if self.spec in BUILT_IN else self.spec.partition(":")[0]

    @property
    def is_in_process(self) -> bool:
        """Whether it can run in virtual time."""
        return "simulated" in self.networks


def reference(profile: Profile | None) -> InProcessClient:
    """The client that comes with the harness; a profile given by the user is followed as well as promised."""
    client = ReferenceClient()
    if profile is not None:
        client.profile = profile
    return InProcessClient(client, client.profile)


register_built_in("reference", reference)


def clients_from(specs: Sequence[str], profiles: Sequence[str]) -> list[Client]:
    """The clients that the specs name. One profile is for all of them; several are for one each, in the same order.

    Raises:
        AdapterError: A client cannot be reached as asked.
        ProfileError: There is no such profile, or it does not say what it should.
        click.UsageError: Neither one profile nor as many as clients.
    """
    if len(profiles) > 1 and len(profiles) != len(specs):
        raise click.UsageError(
            f"{len(profiles)} profiles for {len(specs)} clients; give --profile once for all clients, "
            "or once for each in the same order"
        )
    given = list(profiles) * len(specs) if len(profiles) == 1 else list(profiles) or [""] * len(specs)
    clients: list[Client] = []
    for spec, profile in zip(specs, given, strict=True):
        clients.append(_client(spec, profile, taken={client.name for client in clients}))
    return clients


def _client(spec: str, profile_given: str, taken: set[str]) -> Client:
    make = client_from(spec, load_profile(profile_given) if profile_given else None)
    sample = make()
    own = str(getattr(sample, "name", sample.profile.name))
    is_own = spec == own if own in BUILT_IN else INTERPRETER.fullmatch(own) is None
    names = [own] if is_own else []
    names += [short_name(spec), *(f"{short_name(spec)} ({number})" for number in range(2, 100))]
    name = next(name for name in names if name not in taken)
    networks: frozenset[Network] = frozenset(getattr(sample, "networks", BOTH_NETWORKS))
    return Client(name, spec, profile_given, make, sample.profile, networks)


def short_name(spec: str) -> str:
    """``my_player`` of ``python:path/my_player.py:Client``, ``client`` of ``stdio:node client.js``."""
    adapter, colon, argument = spec.partition(":")
    if not colon:
        return spec
    if adapter == "python":
        place, _, name = argument.rpartition(":")
        module = Path(place).stem if place.endswith(".py") else place.rpartition(".")[2]
        return module if name in ("Client", "") else f"{module}.{name}"
    try:
        program, *arguments = shlex.split(argument) or [adapter]
    except ValueError:  # a quote is left open, which the adapter tells in its own words
        program, *arguments = argument.split()
    if INTERPRETER.fullmatch(Path(program).name) and "-c" not in arguments:
        program = next((word for word in arguments if not word.startswith("-")), program)
    return Path(program).stem

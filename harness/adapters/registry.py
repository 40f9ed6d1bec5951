"""How a client is named (``python:…``, ``stdio:…``, ``wire:…``, ``reference``), and who makes it from that name."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import TypeVar

from fake_servers.errors import RegistrationError
from fake_servers.registry import Registry
from harness.adapters.protocol import ClientUnderTest
from harness.errors import AdapterError, DeclarationError
from harness.scenario.profile import Profile

Factory = Callable[[str, Profile | None], ClientUnderTest]
"""From what stands behind the colon, and the profile that the user gave, to a fresh client."""

F = TypeVar("F", bound=Factory)

BuiltIn = Callable[[Profile | None], ClientUnderTest]

ADAPTERS: Registry[Factory] = Registry("adapter", entry_point_group="drm_harness.adapters")

BUILT_IN: dict[str, BuiltIn] = {}
"""Clients that the house brings along, by name. Filled from above, since adapters do not know the reference client."""


def adapter(name: str) -> Callable[[F], F]:
    """Register a factory of clients as the adapter ``name``.

    The factory raises AdapterError if the client cannot be reached as asked; it starts no program yet.

    Raises:
        DeclarationError: The name is taken, or holds a colon.
    """

    def register(factory: F) -> F:
        if ":" in name or not name:
            raise DeclarationError(
                f"adapter {name!r}: a name is one word without a colon; what follows a colon is its argument"
            )
        if name in BUILT_IN:
            raise DeclarationError(f"adapter {name!r}: a built-in client has this name")
        try:
            ADAPTERS.add(name, factory)
        except RegistrationError as error:
            raise DeclarationError(str(error)) from error
        return factory

    return register


def register_built_in(name: str, factory: BuiltIn) -> None:
    """Let ``name`` alone, without a colon, stand for the clients that ``factory`` makes.

    Raises:
        DeclarationError: Another client or an adapter has this name.
    """
    if BUILT_IN.get(name, factory) is not factory or name in ADAPTERS:
        raise DeclarationError(f"built-in client {name!r}: the name is taken")
    BUILT_IN[name] = factory


def client_from(spec: str, profile: Profile | None = None) -> Callable[[], ClientUnderTest]:
    """What makes fresh clients as ``spec`` names them: ``NAME`` of a built-in client, or ``ADAPTER:ARGUMENT``.

    One client is made at once and thrown away, so that a wrong spec is refused here and not in the middle of a run.

    Args:
        spec: As on the command line.
        profile: The user's own word on what the client promises; it goes before what the client itself says.

    Raises:
        AdapterError: There is no such adapter or client, or the adapter cannot reach the client.
    """
    name, colon, argument = spec.partition(":")
    make = _built_in(name, argument, profile) if name in BUILT_IN else _adapted(name, colon, argument, profile)
    make()
    return make


def _built_in(name: str, argument: str, profile: Profile | None) -> Callable[[], ClientUnderTest]:
    if argument:
        raise AdapterError(f"client {name!r} is built in and takes nothing after a colon; you wrote {argument!r} there")
    factory = BUILT_IN[name]
    return lambda: factory(profile)


def _adapted(name: str, colon: str, argument: str, profile: Profile | None) -> Callable[[], ClientUnderTest]:
    if name not in ADAPTERS:
        raise AdapterError(_unknown(name))
    if not argument.strip():
        raise AdapterError(f"client {name + colon!r} says how, but not which; write {EXAMPLES.get(name, name + ':…')}")
    factory = ADAPTERS[name]
    return lambda: factory(argument, profile)


EXAMPLES = {
    "python": "python:module:Name or python:path/file.py:Name",
    "stdio": "stdio:COMMAND, such as 'stdio:node client.js'",
    "browser": "browser:PLAYER, such as browser:shaka",
    "wire": "wire:COMMAND, such as 'wire:curl --fail --data {request} {license_url}'",
}


def _unknown(name: str) -> str:
    known = [*BUILT_IN, *ADAPTERS]
    near = difflib.get_close_matches(name, known, n=1)
    hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(known)}"
    return f"no client or adapter is named {name!r}; {hint}"

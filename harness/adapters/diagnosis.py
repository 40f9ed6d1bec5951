"""What can be found out about a client before it is played: each adapter examines what it needs, in one function of its own.

``drm-harness doctor`` asks the adapter of a client, then plays it once. An adapter without a diagnosis is only played.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path

from fake_servers.errors import RegistrationError
from fake_servers.registry import Registry
from harness.adapters.browser import SET_UP, chromium, packages, player_profile
from harness.adapters.faketime import obstacle_for
from harness.adapters.loading import loaded
from harness.adapters.placeholders import placeholders_in
from harness.adapters.process import words_of
from harness.adapters.python import missing_of
from harness.adapters.wire import PLACEHOLDERS
from harness.errors import AdapterError, DeclarationError
from harness.scenario.profile import Profile


class State(StrEnum):
    """How it stands with one thing that was looked at."""

    FINE = "ok"
    DOUBT = "look"  # it works, and something will be missed
    WRONG = "missing"  # nothing can be judged as long as it stays so


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at.

    Attributes:
        state: How it stands.
        what: What was looked at, in a word or two.
        found: What was found, in a sentence.
        to_do: What to do next; empty where nothing needs to be done.
    """

    state: State
    what: str
    found: str
    to_do: str = ""


Diagnose = Callable[[str], Iterator[Finding]]
"""From what stands behind the colon to findings; an AdapterError that it raises is a finding too, and the last."""

DIAGNOSES: Registry[Diagnose] = Registry("diagnosis", entry_point_group="drm_harness.diagnoses")


def diagnosis(adapter: str) -> Callable[[Diagnose], Diagnose]:
    """Register the diagnosis of an adapter.

    Raises:
        DeclarationError: The adapter has another one.
    """

    def register(diagnose: Diagnose) -> Diagnose:
        try:
            return DIAGNOSES.add(adapter, diagnose)
        except RegistrationError as error:
            raise DeclarationError(str(error)) from error

    return register


def diagnosed(adapter: str, argument: str) -> Iterator[Finding]:
    """What the adapter finds, up to the first thing without which the next could not be looked at."""
    if adapter not in DIAGNOSES:
        return
    try:
        yield from DIAGNOSES[adapter](argument)
    except AdapterError as error:
        found, _, to_do = str(error).partition("; ")
        yield Finding(State.WRONG, "the client", found, to_do or "mend it, and ask again")


@diagnosis("python")
def python_diagnosis(argument: str) -> Iterator[Finding]:
    """Import, call, methods, profile."""
    make = loaded(argument)
    yield Finding(State.FINE, "import", f"{argument} is there")
    if not callable(make):
        raise AdapterError(f"{argument} is {make!r}; name a class, or a function that returns a client")
    try:
        client = make()
    except Exception as error:
        raise AdapterError(f"calling it failed: {type(error).__name__}: {error}; it is called without arguments") from error
    if missing := missing_of(client):
        raise AdapterError(
            f"{type(client).__name__} has no {', '.join(missing)}; docs/client-protocol.md says what each must do"
        )
    yield Finding(State.FINE, "methods", f"{type(client).__name__} has all that a client needs")
    if isinstance(getattr(client, "profile", None), Profile):
        yield Finding(State.FINE, "profile", "it says what it promises")
    else:
        to_do = f"measure one: drm-harness profile --infer --client python:{argument} -o profile.yaml"
        yield Finding(State.DOUBT, "profile", "it does not say what it promises, and needs --profile", to_do)


@diagnosis("stdio")
def stdio_diagnosis(argument: str) -> Iterator[Finding]:
    """The program, and whether its time can run faster. The handshake is part of playing it."""
    yield from _program(words_of(argument))


@diagnosis("wire")
def wire_diagnosis(argument: str) -> Iterator[Finding]:
    """The program, its placeholders, and whether its time can run faster."""
    words = words_of(argument)
    used = placeholders_in(words, PLACEHOLDERS)
    if "license_url" not in used:
        raise AdapterError("the command never mentions {license_url}; put it where the address of the license service belongs")
    yield Finding(State.FINE, "placeholders", ", ".join(f"{{{name}}}" for name in used))
    if not {"request", "request_file"} & set(used):
        to_do = "send {request} or {request_file}, unless the program writes its request itself"
        yield Finding(State.DOUBT, "request", "the command is not told what to send", to_do)
    if "ca_file" not in used:
        to_do = "have it trust {ca_file} (of curl: --cacert {ca_file}), if scenarios over TLS shall be played"
        yield Finding(State.DOUBT, "TLS", "the command is not told which authority to trust", to_do)
    yield from _program(words)


def _program(words: list[str]) -> Iterator[Finding]:
    yield Finding(State.FINE, "program", f"{words[0]} can be run")
    for word in words[1:]:
        if word.endswith((".js", ".mjs", ".py", ".sh", ".rb", ".pl", ".jar")) and not Path(word).exists():
            raise AdapterError(f"there is no file {word} (looked from {Path.cwd()}); name it from here, or by its whole path")
    obstacle = obstacle_for(words)
    if obstacle is None:
        yield Finding(State.FINE, "time", "its clock can run faster, so that scenarios take little time")
    else:
        yield Finding(State.DOUBT, "time", f"scenarios take real time: {obstacle.why}", "docs/external-time.md")


@diagnosis("browser")
def browser_diagnosis(argument: str) -> Iterator[Finding]:
    """The page, Playwright, Chromium, and the player's package."""
    profile, player = player_profile(argument)
    yield Finding(State.FINE, "page", f"there is one for {argument}, and {profile.name} says what it promises")
    if find_spec("playwright") is None:
        raise AdapterError("Playwright, which drives the browser, is missing; pip install 'drm-harness[browser]'")
    yield Finding(State.FINE, "Playwright", "it is installed")
    yield Finding(State.FINE, "Chromium", chromium.program())
    if not packages.is_installed(player):
        raise AdapterError(f"{player.package} is not installed; {SET_UP} fetches it")
    yield Finding(State.FINE, "player", f"{player.package} is there")

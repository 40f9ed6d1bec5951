"""The clients of docs/examples/clients: what they are made of, how they are started, and what is known against them."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from fake_servers.faults.base import Network
from harness.adapters.registry import client_from
from harness.checks.registry import Ruling
from harness.runner.run import Run, run
from harness.scenario.expected_failures import Failure, Listed, load_expected_failures
from harness.scenario.load import load_profile
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from tests.suite.playing import AT_ONCE, LIBRARY

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "examples" / "clients"

TAGS = ("smoke", "clients")
JUDGED = tuple(
    each
    for each in LIBRARY
    if each.operation is Operation.LICENSE_ACQUISITION and each.dialect == "clearkey" and not set(TAGS).isdisjoint(each.tags)
)
"""Acquisitions over Clear Key that are over in a few seconds of real time."""


@dataclass(frozen=True, slots=True)
class ExampleClient:
    """One of them.

    Attributes:
        name: Its folder, and its name in its profile.
        file: The program.
        written_with: Language and library, for people.
        retries: What tries again by itself.
        command: The client as on the command line, from within its folder.
        network: Where it is judged: virtual time where it can be.
        needs: Programs without which it does not run.
    """

    name: str
    file: str
    written_with: str
    retries: str
    command: str
    network: Network = "loopback"
    needs: tuple[str, ...] = ()

    @property
    def folder(self) -> Path:
        """Where it stands."""
        return FOLDER / self.name

    @property
    def profile(self) -> Profile:
        """What it promises."""
        return load_profile(self.folder / "profile.yaml")

    @property
    def known(self) -> tuple[Listed, ...]:
        """What is known against it."""
        return load_expected_failures(self.folder / "expected-failures.yaml")

    def spec(self, folder: Path | None = None) -> str:
        """The command as it runs from anywhere; ``folder`` holds a copy of it."""
        at = folder or self.folder
        words = self.command.replace("python ", f"{sys.executable} ", 1).replace(self.file, str(at / self.file))
        return words


# fmt: off
EXAMPLE_CLIENTS = (
    ExampleClient("node-undici", "client.js", "Node, undici", "`RetryAgent`, with a policy of our own",
                  "stdio:node client.js", needs=("node", "npm")),
    ExampleClient("python-requests", "client.py", "Python, requests", "urllib3's `Retry`, which tells of its pauses",
                  "stdio:python client.py"),
    ExampleClient("python-httpx", "client.py", "Python, httpx", "tenacity's `AsyncRetrying`",
                  "python:client.py:Client", network="simulated"),
    ExampleClient("sh-curl", "client.sh", "POSIX shell, curl", "`curl --retry`",
                  "wire:sh client.sh {license_url} {request_file} {reply_file} {key_check} {ca_file}", needs=("sh", "curl")),
)
# fmt: on


def play_example(client: ExampleClient, scenarios: Iterable[Scenario] = JUDGED, folder: Path | None = None) -> list[Run]:
    """All scenarios, with a fresh client each; several at a time where they mostly wait in real time."""
    spec, profile = client.spec(folder), client.profile

    def played(scenario: Scenario) -> Run:
        adapter = spec.partition(":")[0]
        make = client_from(spec, profile)
        return run(scenario, make, client_name=client.name, adapter=adapter, network=client.network)

    if client.network == "simulated":
        return [played(scenario) for scenario in scenarios]
    with ThreadPoolExecutor(AT_ONCE) as threads:
        return list(threads.map(played, scenarios))


def failures_of(runs: Iterable[Run]) -> list[Failure]:
    """What failed, as an expected-failures file would list it."""
    return [
        Failure(done.trace.head.client, done.trace.head.scenario.name, verdict.check.id)
        for done in runs
        for verdict in done.verdicts
        if verdict.ruling is Ruling.FAILED
    ]

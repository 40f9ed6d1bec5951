"""What the options, the configuration and the marker of a test choose: clients, scenarios, network, seed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import pytest

from fake_servers.errors import FakeServerError
from fake_servers.faults.base import Network
from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient, missing_of
from harness.cli.clients import Client, clients_from
from harness.cli.selection import Planned, network_of
from harness.errors import HarnessError, ScenarioError
from harness.scenario.library import find, scenario_name
from harness.scenario.load import load_scenario
from harness.scenario.profile import Profile

UNDISTURBED = "license_acquisition/undisturbed"
"""What a test that names no scenario is about."""

REFUSALS = (HarnessError, FakeServerError, click.UsageError)
"""What is raised when something was asked for that cannot be done."""


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen for the whole of a pytest run.

    Attributes:
        clients: One at least.
        network: None: where the client can.
        seed: None: each scenario's own.
        folder: Where files about runs go, if anywhere.
    """

    clients: tuple[Client, ...]
    network: Network | None
    seed: int | None
    folder: Path | None

    def planned(self, file: Path, client: Client, **of_marker: Any) -> Planned:
        """The run of a scenario with a client. What a marker says goes before what the options say.

        Raises:
            ScenarioError: The file does not say what a scenario should.
            click.UsageError: The client cannot run on that network.
        """
        scenario = load_scenario(file)
        network = network_of(client, of_marker.get("network") or self.network)
        seeds = (of_marker.get("seed"), self.seed, scenario.seed)
        return Planned(scenario, file, client, network, next(seed for seed in seeds if seed is not None))


CHOICE: pytest.StashKey[Choice] = pytest.StashKey()


def choice_of(config: pytest.Config) -> Choice:
    """What was chosen; the clients are looked for at the first time.

    Raises:
        pytest.UsageError: A client or a profile cannot be had as asked.
    """
    if CHOICE not in config.stash:
        options = config.option
        specs = options.drm_client or config.getini("drm_client") or ["reference"]
        profile = options.drm_profile or config.getini("drm_profile")
        try:
            clients = clients_from(specs, [profile] if profile else [])
            for client in clients:
                network_of(client, options.drm_network)
        except REFUSALS as error:
            raise pytest.UsageError(f"drm-harness: {_words(error)}") from error
        config.stash[CHOICE] = Choice(tuple(clients), options.drm_network, options.drm_seed, options.drm_files)
    return config.stash[CHOICE]


def client_from_fixture(given: object) -> Client:
    """The client that a suite's own fixture ``client_under_test`` gives: a class, or a function that makes one.

    Raises:
        pytest.UsageError: It is neither, or what it makes is no client.
    """
    if isinstance(given, Client):
        return given
    if not callable(given):
        raise pytest.UsageError(f"client_under_test gave {given!r}; it must give a class or function that makes a client")
    make: Callable[[], ClientUnderTest] = given
    sample = make()
    name = getattr(given, "__qualname__", type(given).__name__)
    if missing := missing_of(sample):
        raise pytest.UsageError(f"client_under_test: {name} makes no client under test, it has no {', '.join(missing)}")
    if not isinstance(getattr(sample, "profile", None), Profile):
        raise pytest.UsageError(f"client_under_test: {name} has no 'profile', so nobody knows what it promises")
    wrapped = InProcessClient(sample, sample.profile)
    spec = f"python:{getattr(given, '__module__', '?')}:{name}"
    return Client(wrapped.name, spec, "", lambda: InProcessClient(make(), sample.profile), sample.profile, wrapped.networks)


def parametrize(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each scenario that its marker names, and for each client, if there are several."""
    if "_scenario" in metafunc.fixturenames:
        files = marked(metafunc.definition)
        metafunc.parametrize("_scenario", files, indirect=True, ids=[scenario_name(file) for file in files])
    if "client_under_test" in metafunc.fixturenames and len(clients := choice_of(metafunc.config).clients) > 1:
        metafunc.parametrize("client_under_test", clients, indirect=True, ids=[client.name for client in clients])


def marked(node: pytest.Item) -> list[Path]:
    """The files of the scenarios that a test is about.

    Raises:
        pytest.UsageError: The marker names what there is not.
    """
    marker = node.get_closest_marker("scenario")
    try:
        return find([str(pattern) for pattern in marker.args] if marker and marker.args else [UNDISTURBED])
    except ScenarioError as error:
        raise pytest.UsageError(f"@pytest.mark.scenario of {node.nodeid}: {error}") from error


def said_by_marker(node: pytest.Item) -> dict[str, Any]:
    """Network and seed, where the marker says them.

    Raises:
        pytest.UsageError: It says something else.
    """
    marker = node.get_closest_marker("scenario")
    said = dict(marker.kwargs) if marker else {}
    if unknown := sorted(set(said) - {"network", "seed"}):
        raise pytest.UsageError(f"@pytest.mark.scenario takes scenarios, network= and seed=, but no {', '.join(unknown)}")
    if said.get("network") not in (None, "simulated", "loopback"):
        raise pytest.UsageError(f"@pytest.mark.scenario: network is 'simulated' or 'loopback', not {said['network']!r}")
    return said


def _words(error: Exception) -> str:
    return error.format_message() if isinstance(error, click.UsageError) else str(error)

"""Which scenarios are played with which client: found, loaded, and those left out that cannot be done, said beforehand."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from fake_servers.faults.base import Network
from harness.cli.clients import Client
from harness.cli.options import Options
from harness.device.event import REACH
from harness.errors import ScenarioError
from harness.report.results import NotRun
from harness.runner.time import Asked, TimeWanted
from harness.scenario.library import find, is_ours, scenario_name
from harness.scenario.load import load_scenario, networks
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.tiers.tier import Tier
from harness.tiers.tier import why_not as why_not_on

SMOKE = "tag:smoke"
"""What a client in real time is validated with, unless more is asked for."""


UNLESS_SAID = TimeWanted(Asked.AUTO)


@dataclass(frozen=True, slots=True)
class Planned:
    """One run to come."""

    scenario: Scenario
    file: Path
    client: Client
    network: Network
    seed: int
    wanted: TimeWanted = UNLESS_SAID
    tier: Tier = "wire"
    interleave: int | None = None

    @property
    def command(self) -> str:
        """What plays it again."""
        words = ["drm-harness", "run", word_for(self.file), "--client", self.client.spec]
        words += ["--profile", self.client.profile_given] if self.client.profile_given else []
        words += ["--seed", str(self.seed), "--network", self.network]
        words += ["--tier", self.tier] if self.tier != "wire" else []
        words += ["--interleave", str(self.interleave)] if self.interleave is not None else []
        words += ["--time", self.wanted.asked] if self.wanted.asked is not UNLESS_SAID.asked else []
        words += ["--speed", str(self.wanted.most)] if self.wanted.most != UNLESS_SAID.most else []
        return shlex.join(words)


@dataclass(frozen=True, slots=True)
class Plan:
    """What shall be played, client by client, and what is left out."""

    runs: tuple[Planned, ...]
    not_applicable: tuple[NotRun, ...]

    @property
    def networks(self) -> tuple[str, ...]:
        """The networks that it needs, in order of first use."""
        return tuple(dict.fromkeys(planned.network for planned in self.runs))

    @property
    def scenarios(self) -> int:
        """How many scenarios were selected."""
        return len({planned.scenario.name for planned in self.runs} | {left_out.scenario for left_out in self.not_applicable})

    @property
    def name_width(self) -> int:
        """Width of its longest scenario name."""
        names = [planned.scenario.name for planned in self.runs] + [left_out.scenario for left_out in self.not_applicable]
        return max(map(len, names), default=0)


def plan(clients: Sequence[Client], patterns: Sequence[str], options: Options) -> Plan:
    """Every selected scenario with every client. Without a pattern: all of them, or for clients in real time the smoke tests.

    Raises:
        ScenarioError: A pattern matches nothing, or a file does not say what it should; every problem of every file.
        click.UsageError: A client cannot run on the network or the tier asked for, or not in the time asked for.
    """
    runs: list[Planned] = []
    not_applicable: list[NotRun] = []
    loaded: dict[Path, Scenario] = {}
    for client in clients:
        files = find(patterns or ([] if client.is_in_process else [SMOKE]))
        load(files, loaded)
        chosen = network_of(client, options.network)
        if options.wanted.asked is Asked.SCALED and client.is_in_process:
            raise click.UsageError(
                f"client {client.spec!r} runs in this process, and --time scaled is for programs; use --network simulated"
            )
        if why := cannot(client, chosen, options.tier, options.interleave):
            raise click.UsageError(why)
        for file in files:
            scenario = loaded[file]
            if why := why_not(scenario, client, chosen):
                not_applicable.append(NotRun(scenario.name, client.name, why))
            else:
                seed = scenario.seed if options.seed is None else options.seed
                wanted, tier = options.wanted, options.tier
                runs.append(Planned(scenario, file, client, chosen, seed, wanted, tier, options.interleave))
    return Plan(tuple(runs), tuple(not_applicable))


def load(files: Sequence[Path], loaded: dict[Path, Scenario]) -> None:
    """Read what is not loaded yet.

    Raises:
        ScenarioError: Every problem of every file.
    """
    problems: list[str] = []
    for file in files:
        if file not in loaded:
            try:
                loaded[file] = load_scenario(file)
            except ScenarioError as error:
                problems += error.problems
    if problems:
        raise ScenarioError(problems)


def cannot(client: Client, network: Network, tier: Tier, interleave: int | None = None) -> str:
    """Why a client cannot run on a tier, or be interleaved; empty if it can."""
    if interleave is not None and network != "simulated":
        return f"--interleave needs virtual time, and {client.spec!r} would run on the {network} network"
    if interleave is not None and tier == "model":
        return "--interleave needs an event loop, and the model tier has none; use --tier message, raw or wire"
    if tier == "wire":
        return ""
    if network != "simulated":
        return f"the {tier} tier runs in virtual time only; use --tier wire on the {network} network"
    sample = client.make()
    return why_not_on(getattr(sample, "wrapped", sample), tier)


def network_of(client: Client, asked: Network | None) -> Network:
    """The network to run a client on: the one asked for, or the simulated one where the client can.

    Raises:
        click.UsageError: The client cannot run on the one asked for.
    """
    if asked is None:
        return "simulated" if client.is_in_process else "loopback"
    if asked not in client.networks:
        raise click.UsageError(
            f"client {client.spec!r} runs in a process of its own, which does not wait for virtual time; use --network loopback"
            if asked == "simulated"
            else f"client {client.spec!r} cannot run on {asked}; use --network simulated"
        )
    return asked


def why_not(scenario: Scenario, client: Client, network: Network, profile: Profile | None = None) -> str:
    """Why a scenario does not apply; empty if it does. ``profile`` is what a program has said of itself meanwhile."""
    profile = profile or client.profile
    if scenario.operation not in profile.operations:
        return f"{scenario.operation.value} is not in its profile"
    if scenario.dialect not in profile.dialects:
        return f"the dialect {scenario.dialect} is not in its profile"
    if scenario.given.also and not profile.several_contents:
        return "several contents at once (several_contents) are not in its profile"
    if client.adapter == "wire" and not client.profile_given and scenario.dialect != "clearkey":
        return "a command without a profile is taken to speak clearkey only"
    if network not in networks(scenario):
        return f"out of reach of the {network} network: {_beyond(scenario, network)}; use --network {_other(network)}"
    return ""


def word_for(file: Path) -> str:
    """How to name a scenario file on the command line: by its name if it comes with the harness, else by its path."""
    return scenario_name(file) if is_ours(file) else str(file)


def _beyond(scenario: Scenario, network: Network) -> str:
    faults = [rule.fault.name for rule in scenario.faults if network not in rule.fault.reach]
    events = [step.event.name for step in scenario.device if any(network not in REACH[each] for each in step.event.needs)]
    return f"the fault {faults[0]}" if faults else f"the device event {events[0]}" if events else "its world"


def _other(network: Network) -> Network:
    return "loopback" if network == "simulated" else "simulated"

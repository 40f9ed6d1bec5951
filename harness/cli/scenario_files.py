"""Scenarios that a search found, as files, and the commands that play them again."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

from fake_servers.faults.base import Network
from harness.cli.clients import Client
from harness.scenario.model import Scenario
from harness.scenario.write import scenario_text
from harness.tiers.tier import Tier

NOT_IN_A_FILE_NAME = re.compile(r"[^A-Za-z0-9-]+")


class ScenarioFiles:
    """Writes scenarios into one folder, none over another of the same command."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._written: set[str] = set()

    def write(self, scenario: Scenario, check: str) -> Path:
        """Write the scenario that breaks this check; where it stands."""
        self._folder.mkdir(parents=True, exist_ok=True)
        stem = NOT_IN_A_FILE_NAME.sub("-", f"{scenario.operation.value}-{check}")
        names = (f"{stem}{tail}.yaml" for tail in ("", *(f"-{n}" for n in range(2, 10_000))))
        name = next(name for name in names if name not in self._written)
        self._written.add(name)
        file = self._folder / name
        file.write_text(scenario_text(scenario), encoding="utf-8")
        return file


def command_for(file: Path, client: Client, *, network: Network = "simulated", tier: Tier = "wire") -> str:
    """What plays it again, under the seed that stands in the file."""
    words = ["drm-harness", "run", str(file), "--client", client.spec]
    words += ["--profile", client.profile_given] if client.profile_given else []
    words += ["--network", network] if network == "simulated" and not client.is_in_process else []
    words += ["--tier", tier] if tier != "wire" else []
    return shlex.join(words)

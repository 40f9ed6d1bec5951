"""Plays a short scenario with what happens to its device."""

from __future__ import annotations

from collections.abc import Callable

from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient
from harness.checks.registry import Ruling
from harness.client.reference import ReferenceClient
from harness.runner import Run, run
from harness.scenario.load import read_scenario
from harness.tiers.tier import Tier
from harness.trace.entry import DeviceChanged, RightsHeld, StatusReported


def reference() -> ClientUnderTest:
    return InProcessClient(ReferenceClient(), ReferenceClient.profile)


def played(
    device: str,
    *,
    more: str = "",
    operation: str = "license_acquisition",
    client: Callable[[], ClientUnderTest] = reference,
    tier: Tier = "wire",
) -> Run:
    scenario = read_scenario(
        f"about: What happens to a device.\noperation: {operation}\nexpect: {{outcome: [succeeded, failed]}}\n"
        f"device: [{device}]\n{more}"
    )
    return run(scenario, client, client_name="client", adapter="python", network="simulated", tier=tier)


def failures(played: Run) -> list[str]:
    return [verdict.check.id for verdict in played.verdicts if verdict.ruling is Ruling.FAILED]


def phases(played: Run) -> list[str]:
    return [reported.status.phase.value for _, reported in played.trace.of(StatusReported)]


def changes(played: Run) -> list[tuple[float, str, str]]:
    return [(entry.at, changed.event, changed.change) for entry, changed in played.trace.of(DeviceChanged)]


def held(played: Run) -> list[tuple[str, ...]]:
    return [rights.licenses for _, rights in played.trace.of(RightsHeld)]


def device_fates(played: Run) -> tuple[str, ...]:
    assert played.trace.end is not None
    return played.trace.end.device_fates

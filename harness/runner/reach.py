"""Whether what is to happen to a device can be made to happen in earnest: said before the run, never pretended in it."""

from __future__ import annotations

from collections.abc import Iterator

from harness.adapters.capabilities import abilities_of
from harness.adapters.protocol import ClientUnderTest
from harness.device.event import Ability
from harness.errors import OutOfReachError
from harness.scenario.model import Scenario
from harness.tiers.tier import Tier

# fmt: off
TIERS: dict[Ability, tuple[Tier, ...]] = {
    "network": ("raw", "wire"),  # only there TCP is at work, which sends again once the network is back
    "address": ("raw", "wire"),
    "storage": ("message", "raw", "wire"),
    "life":    ("message", "raw", "wire"),
}
"""The tiers that have it. The networks that have it: ``harness.device.event.REACH``."""

OF_A_CLIENT: dict[Ability, str] = {
    "storage": "whose storage cannot be made full (in process: a method fill_storage; stdio: 'storage' in its first result)",
    "life":    "which cannot be killed (in process: a method kill; stdio and wire clients can be)",
}
"""What only a client itself can give, and what is said of one that does not."""
# fmt: on


def tier_lacks(scenario: Scenario, tier: Tier) -> str:
    """Why the scenario's device events cannot be had on this tier; empty if they can."""
    for event, ability in _needed(scenario):
        if tier not in TIERS[ability]:
            return f"{event}: the {tier} tier has no {_WORD[ability]} for it; use --tier {TIERS[ability][0]}"
    return ""


def client_lacks(scenario: Scenario, client: ClientUnderTest) -> str:
    """Why they cannot be had with this client; empty if they can. Of a program it may be known only once it is initialized."""
    able: frozenset[str] = getattr(client, "abilities", None) or abilities_of(client)
    for event, ability in _needed(scenario):
        if ability in OF_A_CLIENT and ability not in able:
            return f"{event}: out of reach of this client, {OF_A_CLIENT[ability]}"
    return ""


def refuse_beyond_reach(scenario: Scenario, client: ClientUnderTest) -> None:
    """Refuse by name what cannot be had.

    Raises:
        OutOfReachError: This client has no part in something that is to happen.
    """
    if why := client_lacks(scenario, client):
        raise OutOfReachError(why)


_WORD: dict[Ability, str] = {"network": "network", "address": "addresses", "storage": "storage", "life": "client to kill"}


def _needed(scenario: Scenario) -> Iterator[tuple[str, Ability]]:
    for step in scenario.device:
        for ability in sorted(step.event.needs):
            yield step.event.name, ability

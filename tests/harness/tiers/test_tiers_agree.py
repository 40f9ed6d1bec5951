"""Every scenario of the library on every tier: the same verdicts, statuses, requests and truths, and nearly the same trace."""

import importlib

import pytest

from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from harness.tiers.tier import Tier, why_not
from tests.correct_clients.linear_backoff import Client as LinearBackoff
from tests.correct_clients.no_automatic_retry import Client as NoAutomaticRetry
from tests.harness.tiers.agreement import MakesClient, edges, essence, lanes, latest_by_s, trace_on
from tests.suite.playing import ON_EVERY_TIER

pytestmark = pytest.mark.filterwarnings("ignore::ResourceWarning")

LOWER: tuple[Tier, ...] = ("model", "message", "raw")

# One for each way in which a client can differ: decisions, steps, what it tells, when, and that it dies.
FLAWED = (
    "two_settling_statuses",
    "dies_of_nonsense",
    "cancel_ignored",
    "nonce_reused",
    "told_before_removed",
    "restore_counted_twice",
    "retry_after_cancel",
    "any_size_accepted",
    "tls_error_bypassed",
    "endless_ping_pong",
)
CLIENTS: dict[str, MakesClient] = {
    "no_automatic_retry": NoAutomaticRetry,
    "linear_backoff": LinearBackoff,
    **{name: importlib.import_module(f"tests.flawed_clients.{name}").Client for name in FLAWED},
}

LATE_CLOSE = {
    "license_acquisition/endless_body": "8 MB do not fit into the window: on a wire the close comes a round trip later",
}
"""Where not even moments and connections are the same, and why."""

A_ROUND_TRIP_S = 0.0021

SHARES = 3
"""The reference client plays the whole library, another client a third of it, and the next one the next third."""


@pytest.mark.parametrize("scenario", ON_EVERY_TIER, ids=lambda scenario: scenario.name)
def test_the_reference_client_is_seen_alike_on_every_tier(scenario: Scenario) -> None:
    wire = trace_on("wire", scenario, ReferenceClient)
    for tier in LOWER:
        lower = trace_on(tier, scenario, ReferenceClient)
        assert essence(lower) == essence(wire), tier
        assert edges(lower) == edges(wire), tier
        assert latest_by_s(lower, wire) <= (A_ROUND_TRIP_S if scenario.name in LATE_CLOSE else 1e-6), tier
        assert lanes(lower) == lanes(wire), tier


@pytest.mark.parametrize("name", CLIENTS)
def test_other_clients_are_judged_alike_on_every_tier_that_can_drive_them(name: str) -> None:
    client = CLIENTS[name]
    tiers = [tier for tier in LOWER if not why_not(client(), tier)]
    assert "raw" in tiers
    assert "message" in tiers
    for scenario in ON_EVERY_TIER[list(CLIENTS).index(name) % SHARES :: SHARES]:
        wire = essence(trace_on("wire", scenario, client))
        for tier in tiers:
            assert essence(trace_on(tier, scenario, client)) == wire, (scenario.name, tier)

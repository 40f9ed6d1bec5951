"""Which tier can drive which client, and what is said of the others."""

import pytest

from harness.client.reference import ReferenceClient
from harness.errors import WorldError
from harness.runner.run import play
from harness.tiers.tier import MISSING, TIERS, Tier, core_client, unheeded, why_not
from tests.correct_clients.no_automatic_retry import Client as NoAutomaticRetry
from tests.correct_clients.settling_statuses_only import Client as OverHttpx
from tests.flawed_clients.late_first_word import Client as LateFirstWord
from tests.flawed_clients.nonce_reused import Client as NonceReused
from tests.flawed_clients.request_hedged import Client as RequestHedged
from tests.flawed_clients.told_before_removed import Client as ToldBeforeRemoved
from tests.suite.playing import ON_EVERY_TIER


@pytest.mark.parametrize("client", [ReferenceClient, NoAutomaticRetry, NonceReused, ToldBeforeRemoved])
@pytest.mark.parametrize("tier", TIERS)
def test_decisions_and_steps_of_its_own_keep_no_client_from_any_tier(client: type[ReferenceClient], tier: Tier) -> None:
    assert why_not(client(), tier) == ""


@pytest.mark.parametrize(
    ("client", "tier", "words"),
    [
        (OverHttpx, "model", "speaks HTTP itself"),
        (OverHttpx, "message", "speaks HTTP itself"),
        (RequestHedged, "message", "its own sender"),
        (RequestHedged, "model", "its own sender"),
        (LateFirstWord, "model", "its own start"),
    ],
)
def test_what_a_tier_cannot_drive_is_refused_with_the_tier_that_can(client: type, tier: Tier, words: str) -> None:
    why = why_not(client(), tier)
    assert words in why
    assert "--tier" in why
    with pytest.raises(WorldError, match=words):
        core_client(client(), tier)


def test_a_method_of_its_own_is_heard_on_the_message_tier() -> None:
    assert why_not(LateFirstWord(), "message") == ""


def test_real_sockets_have_the_wire_tier_only() -> None:
    with pytest.raises(WorldError, match="virtual time only"):
        play(ON_EVERY_TIER[0], ReferenceClient, client_name="client", adapter="python", network="loopback", tier="model")


def test_each_thing_that_is_missing_is_missing_for_a_reason() -> None:
    assert all(missing.what and missing.why and set(missing.tiers) < set(TIERS) for missing in MISSING)


@pytest.mark.parametrize(("tier", "missing"), [("wire", ()), ("raw", ()), ("message", ("jitter",)), ("model", ("jitter",))])
def test_settings_of_the_link_that_a_tier_has_no_part_of_are_named(tier: Tier, missing: tuple[str, ...]) -> None:
    scenario = ON_EVERY_TIER[0]
    shaky = scenario.model_copy(update={"world": scenario.world.model_copy(update={"jitter": 0.02})})
    assert unheeded(shaky, tier) == missing
    assert unheeded(scenario, tier) == ()

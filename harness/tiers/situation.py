"""What a core is told of its scenario, on the tiers that have no adapter to tell it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random

from fake_servers.content_keys import key_check
from fake_servers.dialects.base import Dialect
from harness.client.core import Situation
from harness.scenario.model import Scenario

DEVICE = "device-1"


def situation_in(
    scenario: Scenario,
    spoken: Dialect,
    endpoints: Mapping[str, str],
    rng: Random,
    now_s: Callable[[], float],
    epoch_s: Callable[[], float],
) -> Situation:
    """The situation of a client in this scenario; the clocks are in seconds."""
    given = scenario.given
    return Situation(
        dialect=spoken,
        endpoints=endpoints,
        device=DEVICE,
        computer=given.computer,
        content=given.content,
        check=key_check(given.content),
        also={content: key_check(content) for content in given.wanted if content != given.content},
        url_trust=given.url_trust,
        revoked=given.revoked or given.licenses,
        restricted=given.restricted,
        vault=given.vault,
        settings=scenario.settings,
        rng=rng,
        now_s=now_s,
        epoch_s=epoch_s,
    )

"""On real sockets and in real time the verdicts are the same, for an honest client and for flawed ones.

Of the scenarios of tag smoke and those over TLS, the short ones; the long ones meet real sockets scaled down, in ``networks/``.
"""

import pytest

from harness.client.reference import ReferenceClient
from harness.scenario.model import Scenario
from tests.flawed_clients.catalogue import MUTANTS
from tests.suite.playing import LIBRARY, failures, play, play_on_loopback, problems

SHORT_S = 5.0


def short(scenario: Scenario) -> bool:
    """Whether the reference client has settled soon."""
    return max(entry.at for entry in play(scenario, ReferenceClient).trace.statuses) < SHORT_S


SMOKE = tuple(scenario for scenario in LIBRARY if "smoke" in scenario.tags)
TLS = tuple(scenario for scenario in LIBRARY if scenario.world.tls and short(scenario))
BY_NAME = {mutant.name: mutant for mutant in MUTANTS}


def test_there_is_something_to_play() -> None:
    assert len(SMOKE) > 5
    assert len(TLS) > 5


def test_the_reference_client_is_accused_of_nothing_on_real_sockets() -> None:
    assert problems(play_on_loopback((*SMOKE, *TLS), ReferenceClient)) == []


@pytest.mark.parametrize(
    ("name", "scenarios"),
    [("success_on_captive_portal", SMOKE), ("acknowledgement_dropped", SMOKE), ("tls_error_bypassed", TLS)],
    ids=["success_on_captive_portal", "acknowledgement_dropped", "tls_error_bypassed"],
)
def test_a_flawed_client_is_caught_on_real_sockets_too(name: str, scenarios: tuple[Scenario, ...]) -> None:
    mutant = BY_NAME[name]
    seen = failures(play_on_loopback(scenarios, mutant.client))
    assert mutant.caught_by in seen
    assert set(seen) <= mutant.caught

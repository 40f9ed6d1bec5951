"""What explore found against honest clients was the checks' fault, and is kept here: none of it is broken by anybody."""

from __future__ import annotations

from itertools import islice
from typing import Any

import pytest

import fake_servers.faults  # noqa: F401  # registers the house's faults
from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient
from harness.checks.registry import Ruling
from harness.client.reference import ReferenceClient
from harness.explore.decoder import menu_for
from harness.explore.explorer import Exploration
from harness.explore.generator import generated
from harness.runner import Run, run
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario
from harness.tiers.tier import Tier
from tests.correct_clients.linear_backoff import Client as LinearBackoff
from tests.correct_clients.no_automatic_retry import Client as NoAutomaticRetry
from tests.correct_clients.patient_full_jitter import Client as PatientFullJitter

HONEST = {
    "a wait that was announced goes on after a cancel that comes too late": """
        operation: license_revocation
        given: {licenses: [trailer]}
        faults:
        - {when: {exchange: acknowledgement, nth: 1}, fault: retry_after, status: 503, retry_after: 30 s, form: date}
        user: [{when: retry_scheduled, do: cancel}]
        """,
    "nobody offers a retry where DRM is absent, whatever the network does": """
        operation: individualization
        settings: {supported: false}
        faults: [{when: {service: individualization, from: 0 s, for: 500 ms}, fault: refused}]
        """,
    "what was under way when the user cancelled arrives after the retry": """
        operation: license_restore
        world: {tls: true}
        given: {backup: []}
        user: [{when: requesting, do: cancel}, {when: retry_offered, do: retry}]
        """,
    "so does a connect that is refused": """
        operation: license_restore
        given: {backup: []}
        faults: [{when: {service: backup, from: 0 s, for: 10 s}, fault: refused}]
        user: [{when: started, do: cancel}, {when: retry_offered, do: retry}]
        """,
    "and one that a portal answers": """
        operation: license_acquisition
        faults: [{when: {exchange: license}, fault: captive_portal}]
        user: [{when: retrying, do: cancel}, {when: retry_offered, do: retry}]
        """,
    "a try that broke off at once counts for the pause after it": """
        operation: license_acquisition
        faults: [{when: {exchange: license}, fault: reset_after, after_bytes: 0 bytes}]
        user: [{when: requesting, do: cancel}, {when: retry_offered, do: retry}]
        """,
    "looks for a license come as often as the client likes": """
        operation: license_acquisition
        given: {silent: false}
        faults: [{when: {exchange: monitor, nth: 1}, fault: missing_cors}]
        """,
    "however often the page is still open, and whatever a browser would have missed in the reply": """
        operation: license_acquisition
        given: {silent: false}
        faults: [{when: {exchange: monitor}, fault: missing_cors}]
        """,
}


@pytest.mark.parametrize("text", HONEST.values(), ids=HONEST)
@pytest.mark.parametrize("tier", ["model", "wire"])
def test_the_reference_client_breaks_nothing(text: str, tier: Tier) -> None:
    scenario = read_scenario(f"about: found by explore\nexpect: {{outcome: [succeeded, failed]}}\n{dedented(text)}")
    played = run(scenario, ReferenceClient, client_name="reference", adapter="python", network="simulated", tier=tier)
    assert [verdict.check.id for verdict in played.verdicts if verdict.ruling is Ruling.FAILED] == []


@pytest.mark.parametrize(
    ("client", "tier", "examples"),
    [
        (ReferenceClient, "model", 120),
        (LinearBackoff, "model", 120),
        (NoAutomaticRetry, "model", 120),
        (PatientFullJitter, "wire", 40),
    ],
)
def test_correct_clients_of_any_design_break_nothing_that_is_drawn(client: Any, tier: Tier, examples: int) -> None:
    def make() -> ClientUnderTest:
        return InProcessClient(client(), client.profile)

    def play(scenario: Scenario) -> Run:
        return run(scenario, make, client_name="client", adapter="python", network="simulated", tier=tier)

    exploration = Exploration(menu_for(client.profile), seed=5, play=play)
    for _ in islice(exploration.explore(generated(exploration.menu, 5)), examples):
        pass
    assert [(each.verdict.check.id, each.shrunk.scenario.about) for each in exploration.findings] == []


def dedented(text: str) -> str:
    """YAML as it stands in a file."""
    return "\n".join(line[8:] for line in text.splitlines())

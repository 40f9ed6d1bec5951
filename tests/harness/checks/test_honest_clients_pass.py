"""Four honest clients of different design pass every check in every scenario: checks describe honesty, not our own client."""

from collections import Counter

import pytest

from harness.checks.judge import judge
from harness.checks.registry import CHECKS, Ruling
from harness.client.reference import ReferenceClient
from harness.runner.run import run
from harness.scenario.library import find
from harness.scenario.load import load_profile, load_scenario, networks
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.trace.trace import Trace
from tests.harness.scenario.test_scenarios_are_true import client_of

HONEST = [load_profile(name) for name in ("reference", "plain", "linear", "terse")]
SCENARIOS = [scenario for scenario in map(load_scenario, find([])) if "simulated" in networks(scenario)]


def played(scenario: Scenario, kind: Profile) -> Trace:
    client: type[ReferenceClient] = client_of(kind)
    return run(scenario, client, client_name=kind.name, adapter="python", network="simulated").trace


@pytest.fixture(scope="module")
def traces() -> list[Trace]:
    return [played(scenario, kind) for scenario in SCENARIOS for kind in HONEST]


def test_no_honest_client_is_accused(traces: list[Trace]) -> None:
    accused = [
        (trace.head.scenario.name, trace.head.client, verdict.check.id, verdict.finding)
        for trace in traces
        for verdict in judge(trace)
        if verdict.ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE)
    ]
    assert accused == []


def test_every_check_is_put_to_the_test_by_some_scenario(traces: list[Trace]) -> None:
    passed = Counter(verdict.check.id for trace in traces for verdict in judge(trace) if verdict.ruling is Ruling.PASSED)
    assert set(CHECKS) - set(passed) == set()

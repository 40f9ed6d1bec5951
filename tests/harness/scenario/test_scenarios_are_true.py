"""What a scenario expects is true of honest clients of four kinds, and each of its faults comes to something.

Judged here without the checks: these are judged themselves, by the same scenarios.
"""

from collections import Counter
from collections.abc import Iterable

import pytest

from fake_servers.journal import RequestReceived
from harness.client.decisions import Decisions
from harness.client.reference import ReferenceClient
from harness.runner.run import run
from harness.scenario.library import find
from harness.scenario.load import load_profile, load_scenario, networks
from harness.scenario.model import Scenario
from harness.scenario.profile import Profile
from harness.status.message import StatusMessage
from harness.trace.entry import RightsHeld, RunEnded, StatusReported
from harness.trace.trace import Trace

HONEST = [load_profile(name) for name in ("reference", "plain", "linear", "terse")]
SCENARIOS = [scenario for scenario in map(load_scenario, find([])) if "simulated" in networks(scenario)]


def client_of(kind: Profile) -> type[ReferenceClient]:
    """The reference client, keeping this profile: its retries, and no status that it does not promise."""

    class Quiet(Decisions):
        def tells(self, status: StatusMessage) -> Iterable[StatusMessage]:
            return (status,) if kind.reports(status.phase) else ()

    class Client(ReferenceClient):
        profile = kind
        decisions = Quiet

    return Client


def played(scenario: Scenario, kind: Profile) -> Trace:
    return run(scenario, client_of(kind), client_name=kind.name, adapter="python", network="simulated").trace


def untrue(scenario: Scenario, trace: Trace) -> list[str]:
    """What of the expectation does not hold."""
    seen = [entry.what for entry in trace.entries]
    last = [what.status for what in seen if isinstance(what, StatusReported) and what.status.settles][-1]
    held = [what.licenses for what in seen if isinstance(what, RightsHeld)][-1]
    requests = Counter(what.exchange for what in seen if isinstance(what, RequestReceived))
    expect = scenario.expect
    broken = {
        f"outcome {last.phase}": last.phase.value in [outcome.value for outcome in expect.outcomes],
        f"reason {last.reason}": not expect.reasons or last.reason is None or last.reason in expect.reasons,
        f"holds {held}": expect.holds is None or sorted(held) == sorted(expect.holds),
        f"requests {dict(requests)}": all(requests[exchange] <= most for exchange, most in expect.requests.items()),
        f"ended by {seen[-1]}": isinstance(seen[-1], RunEnded) and seen[-1].why == "settled",
    }
    return [what for what, holds in broken.items() if not holds]


@pytest.mark.parametrize("scenario", SCENARIOS, ids=[scenario.name for scenario in SCENARIOS])
def test_it_is_true_of_honest_clients_and_its_faults_fire(scenario: Scenario) -> None:
    traces = {kind.name: played(scenario, kind) for kind in HONEST}
    assert {name: untrue(scenario, trace) for name, trace in traces.items()} == {name: [] for name in traces}
    fates = [trace.entries[-1].what.fates for trace in traces.values() if isinstance(trace.entries[-1].what, RunEnded)]
    idle = [n for n in range(len(scenario.faults)) if not any(each[n] == "fired" for each in fates)]
    assert idle == []

"""Scaling multiplies everything that somebody waits for, and nothing else."""

from typing import cast

import pytest

from harness.client.http_sender import HttpSender
from harness.operations.retry import RetryPolicy
from harness.scenario.load import read_scenario
from harness.scenario.model import Scenario, UserAction, WorldSettings
from tests.fake_servers.faults.examples import EXAMPLES, HOUSE, examples_of
from tests.networks.scaling import durations_of, scaled, scaled_client, scaled_policy
from tests.suite.playing import LIBRARY

SCENARIO = read_scenario(
    """
about: a scenario that waits in every way there is
operation: license_acquisition
world: {latency: 300 ms, limit: 1 h, observe: 10 s}
faults:
  - {when: {service: license, from: 2 s, for: 4 s}, fault: refused}
  - {when: {exchange: license, nth: 1}, fault: stall_after, after_bytes: 120 bytes, stall: 8 s}
user:
  - {at: 3 s, do: cancel}
  - {when: retry_offered, do: retry, after: 1 s}
expect: {outcome: cancelled}
"""
)


def test_faults_windows_and_the_user_are_scaled_and_the_link_and_the_limit_are_not() -> None:
    short = scaled(SCENARIO, 0.5)
    window, stall = short.faults
    assert (window.when.from_s, window.when.for_s) == (1.0, 2.0)
    assert stall.fault.model_dump() == {"after_bytes": "120 bytes", "stall": "4 s"}
    assert [(action.at, action.after) for action in short.user] == [(1.5, 0.0), (None, 0.5)]
    assert (short.world.observe, short.world.latency, short.world.limit) == (5.0, 0.3, 3600.0)


@pytest.mark.parametrize("scenario", LIBRARY, ids=[scenario.name for scenario in LIBRARY])
def test_a_scaled_scenario_can_be_written_down_and_read_again(scenario: Scenario) -> None:
    short = scaled(scenario, 0.123)
    assert Scenario.model_validate(short.model_dump(mode="json")) == short


def test_every_duration_is_found() -> None:
    assert durations_of(UserAction) == ["at", "after"]
    assert durations_of(WorldSettings) == ["latency", "jitter", "limit", "observe"]
    written = {
        (name, key) for name in HOUSE for example in examples_of(name) for key, value in example.model_dump().items()
        if isinstance(value, str) and value.endswith((" s", " ms")) and key in EXAMPLES[name][0]
    }  # fmt: skip
    found = {(name, key) for name, cls in HOUSE.items() for key in durations_of(cls)}
    assert written <= found
    assert ("stall_after", "stall") in written


def test_no_time_limit_of_the_client_becomes_too_short() -> None:
    policy = scaled_policy(RetryPolicy(), 0.01)
    assert (policy.attempt_timeout, policy.base, policy.cap) == (0.25, 0.01, 0.3)
    assert (policy.attempts, policy.factor, policy.jitter) == (4, 2.0, 0.2)


def test_a_scaled_client_does_what_it_promises() -> None:
    client = scaled_client(0.1)()
    assert client.profile.retry == scaled_policy(RetryPolicy(), 0.1)
    sender = cast("type[HttpSender]", client.sender)
    assert (client.decisions.look_every_s, client.decisions.page_patience_s, sender.keeps_idle_s) == (0.5, 60.0, 1.5)
    assert client.profile.first_status == 1.0

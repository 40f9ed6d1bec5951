"""What a scenario says of the device: read, written back, and refused with its place and what to do."""

from __future__ import annotations

import pytest

from harness.device.killed import Killed
from harness.device.offline import Offline
from harness.errors import ScenarioError
from harness.scenario.load import networks, read_scenario
from harness.scenario.model import Scenario
from harness.scenario.write import scenario_text
from harness.status.phase import Phase

HEAD = "about: A train enters a tunnel.\noperation: license_acquisition\nexpect: {outcome: succeeded}\ndevice:\n"


def read(*entries: str) -> Scenario:
    return read_scenario(HEAD + "".join(f"  - {entry}\n" for entry in entries), shown="tunnel.yaml")


def test_moments_are_times_or_phases_and_units_are_written_out() -> None:
    first, second = read("{at: 3 s, event: offline, for: 20 s}", "{when: receiving, after: 10 ms, event: killed}").device
    assert (first.at, first.when, first.after, first.event) == (3.0, None, 0.0, Offline(for_s=20.0))
    assert (second.at, second.when, second.after, second.event) == (None, Phase.RECEIVING, 0.01, Killed(for_s=None))


def test_what_is_read_is_written_back_flat() -> None:
    scenario = read("{at: 3 s, event: offline, for: 20 s}", "{when: receiving, after: 10 ms, event: address_change}")
    again = read_scenario(scenario_text(scenario))
    assert again.device == scenario.device
    assert "event: offline" in scenario_text(scenario)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("{at: 1 s, event: ofline}", "tunnel.yaml:5:22: no device event is named 'ofline'\n  did you mean 'offline'?"),
        ("{at: 1 s}", "tunnel.yaml:5:5: an entry of 'device' needs 'event'\n  write {at: 3 s, event: offline, for: 20 s}."),
        ("{at: 1, event: offline}", "tunnel.yaml:5:10: 'at' needs a number with a unit, not 1\n  write '2 s'."),
        ("{at: 1 s, event: offline, for: 20}", "tunnel.yaml:5:36: 'for' needs a number with a unit, not 20"),
        ("{at: 1 s, event: offline, for: 0 s}", "tunnel.yaml:5:36: 'for' is too small: '0 s'\n  write more than 0"),
        ("{at: 1 s, event: address_change, for: 2 s}", "tunnel.yaml:5:38: device event 'address_change' has no key 'for'"),
        (
            "{at: 1 s, event: offline, fr: 2 s}",
            "tunnel.yaml:5:31: device event 'offline' has no key 'fr'\n  did you mean 'for'?",
        ),
        ("{event: killed}", "tunnel.yaml:5:5: an entry of 'device' cannot stand as written\n  give either 'when' or 'at'"),
        ("{at: 1 s, when: started, event: killed}", "  give either 'when' or 'at'"),
        ("{when: recieving, event: killed}", "tunnel.yaml:5:12: 'when' cannot be 'recieving'\n  did you mean 'receiving'?"),
        ("{when: acknowledging, event: killed}", "license_acquisition never says 'acknowledging': this would never happen"),
        ("offline", "tunnel.yaml:5:5: an entry of 'device' is a mapping, not 'offline'"),
        ("{at: 1 s, event: 7}", "tunnel.yaml:5:22: 'event' is the name of an event, not 7"),
    ],
)
def test_a_wrong_entry_is_refused_with_its_place_and_what_to_do(entry: str, says: str) -> None:
    with pytest.raises(ScenarioError) as refused:
        read(entry)
    assert says in str(refused.value)


def test_a_right_entry_among_wrong_ones_is_still_held_against_the_operation() -> None:
    with pytest.raises(ScenarioError) as refused:
        read("{at: 1 s, event: ofline}", "{when: acknowledging, event: killed}")
    assert len(refused.value.problems) == 2
    assert "tunnel.yaml:6:12" in refused.value.problems[1]


def test_what_loopback_cannot_give_is_known_before_a_run() -> None:
    assert networks(read("{at: 1 s, event: killed}", "{at: 2 s, event: storage_full}")) == {"simulated", "loopback"}
    for event in ("offline", "address_change"):
        assert networks(read(f"{{at: 1 s, event: {event}}}")) == {"simulated"}

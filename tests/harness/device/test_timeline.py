"""What happens to a device is played at its moment, told in the trace, and accounted for."""

from __future__ import annotations

import pytest

from fake_servers.journal import ConnectionClosed, RequestReceived
from harness.adapters.protocol import ClientUnderTest
from harness.adapters.python import InProcessClient
from harness.checks.judge import worst
from harness.checks.registry import Ruling
from harness.client.reference import ReferenceClient
from harness.errors import OutOfReachError
from harness.tiers.tier import Tier
from harness.trace.entry import UserActed
from tests.harness.device.playing import changes, device_fates, failures, held, phases, played

SLOW = "faults: [{when: {exchange: license, nth: 1}, fault: delay, delay: 3 s}]"


def test_a_device_that_is_offline_is_heard_again_once_it_is_back_and_the_client_has_tried_again() -> None:
    run = played("{at: 0 s, event: offline, for: 20 s}")
    assert changes(run) == [(0.0, "offline", "began"), (20.0, "offline", "ended")]
    assert phases(run)[-1] == "succeeded"
    assert min(entry.at for entry, _ in run.trace.of(RequestReceived)) > 20.0
    assert (failures(run), device_fates(run)) == ([], ("fired",))


def test_a_short_time_offline_is_made_good_by_tcp_alone() -> None:
    run = played("{when: requesting, event: offline, for: 2 s}")
    assert (phases(run).count("retry_scheduled"), phases(run)[-1], failures(run)) == (0, "succeeded", [])


def test_a_device_that_stays_offline_makes_the_round_fail_and_not_hang() -> None:
    run = played("{at: 0 s, event: offline}")
    assert (phases(run)[-1], failures(run)) == ("failed", [])
    assert not run.trace.exchanges


def test_a_new_address_in_mid_transfer_leaves_the_service_with_a_connection_that_never_ends() -> None:
    run = played("{at: 1 s, event: address_change}", more=SLOW)
    assert (phases(run)[-1], failures(run), device_fates(run)) == ("succeeded", [], ("fired",))
    first, second = run.trace.exchanges
    assert first.veiled
    assert not second.veiled
    assert first.asked.connection not in [c.connection for entry, c in run.trace.of(ConnectionClosed) if entry.at < 60]


def test_a_full_storage_fails_the_operation_and_leaves_what_was_there() -> None:
    run = played("{at: 0 s, event: storage_full}", more="given: {licenses: [film]}")
    assert (phases(run)[-1], failures(run), held(run)[-1]) == ("failed", [], ("film",))


def test_a_storage_that_is_freed_takes_what_the_user_tries_again() -> None:
    again = "user: [{when: retry_offered, do: retry, after: 10 s}]"
    run = played("{at: 0 s, event: storage_full, for: 5 s}", more=again)
    assert (phases(run)[-1], failures(run), held(run)) == ("succeeded", [], [(), (), ("film",)])


@pytest.mark.parametrize("tier", ["message", "raw", "wire"])
def test_a_client_that_is_killed_says_no_more_and_is_started_again_for_the_same(tier: Tier) -> None:
    run = played("{at: 1 s, event: killed, for: 4 s}", more=SLOW, tier=tier)
    assert changes(run) == [(1.0, "killed", "began"), (5.0, "killed", "ended")]
    assert [acted.do for _, acted in run.trace.of(UserActed)] == ["start", "start"]
    cut, whole = run.trace.rounds
    assert cut.cut is not None
    assert (cut.settled, whole.outcome, failures(run)) == (None, "succeeded", [])
    assert not [entry for entry in run.trace.statuses if 1.0 < entry.at < 5.0]
    assert not [entry for entry, _ in run.trace.of(ConnectionClosed) if 1.1 < entry.at < 5.0]


def test_what_was_stored_before_a_kill_is_there_after_it() -> None:
    run = played("{when: succeeded, after: 1 s, event: killed, for: 1 s}")
    assert held(run) == [(), ("film",), ("film",), ("film",)]


def test_a_kill_while_installing_comes_before_anything_is_stored() -> None:
    run = played("{when: installing, event: killed, for: 1 s}")
    assert (held(run), failures(run)) == ([(), (), ("film",)], [])


def test_a_client_that_stays_dead_ends_the_run_and_nobody_touches_its_screen() -> None:
    run = played("{at: 1 s, event: killed}", more=f"{SLOW}\nuser: [{{at: 2 s, do: cancel}}]")
    assert run.trace.end is not None
    assert (run.trace.end.why, failures(run)) == ("client_killed", [])
    assert [acted.do for _, acted in run.trace.of(UserActed)] == ["start"]


def test_what_meets_no_round_leaves_the_run_in_doubt_and_what_never_comes_does_not() -> None:
    late = played("{at: 10 s, event: offline, for: 1 s}")
    assert (device_fates(late), worst(late.verdicts)) == (("unfired",), Ruling.INCONCLUSIVE)
    never = played("{when: page_needed, event: offline, for: 1 s}")
    assert (device_fates(never), worst(never.verdicts)) == (("not_reached",), Ruling.PASSED)


def test_several_things_happen_at_once() -> None:
    device = "{at: 1 s, event: offline, for: 4 s}, {at: 2 s, event: address_change}, {at: 3 s, event: killed, for: 10 s}"
    run = played(f"{device}, {{at: 4 s, event: storage_full, for: 1 s}}", more=SLOW)
    assert (phases(run)[-1], failures(run), device_fates(run)) == ("succeeded", [], ("fired",) * 4)


class Immortal(ReferenceClient):
    """Knows nothing of being killed."""

    kill = None  # type: ignore[assignment]


def test_what_a_client_or_a_tier_has_no_part_in_is_refused_by_name() -> None:
    def immortal() -> ClientUnderTest:
        return InProcessClient(Immortal(), Immortal.profile)

    with pytest.raises(OutOfReachError, match="killed: out of reach of this client, which cannot be killed"):
        played("{at: 1 s, event: killed}", client=immortal)
    with pytest.raises(OutOfReachError, match="offline: the message tier has no network for it; use --tier raw"):
        played("{at: 1 s, event: offline}", tier="message")
    with pytest.raises(OutOfReachError, match="killed: the model tier has no client to kill for it; use --tier message"):
        played("{at: 1 s, event: killed}", tier="model")

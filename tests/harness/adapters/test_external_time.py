"""Programs in scaled time: as fast as can be relied on, and what does not hold is decided in real time."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from fake_servers.faults.script import Rule
from fake_servers.journal import RequestReceived
from harness.adapters import faketime
from harness.adapters.registry import client_from
from harness.checks.registry import Ruling
from harness.errors import AdapterError
from harness.operations.retry import RetryPolicy
from harness.runner import Run, run
from harness.runner.pace import Pace
from harness.runner.time import MOST, Asked, TimeWanted, bounded, run_in_time, shortest_s
from harness.scenario.load import load_profile
from harness.scenario.model import Do, Expectation, Outcome, Scenario, UserAction, WorldSettings
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.trace.entry import Entry
from harness.world.real_time import real_s
from tests.harness.adapters.conftest import ROOT, needs_faketime
from tests.harness.adapters.test_elf import elf

pytestmark = pytest.mark.usefixtures("nothing_is_left")

CURL = "wire:curl --fail --silent --max-time 10 --retry 3 --json @{request_file} --output {reply_file} {license_url}"
EXAMPLE = ROOT / "docs" / "examples" / "stdio_client.py"
EXAMPLE_PROFILE = load_profile(EXAMPLE.with_suffix(".profile.yaml"))
AUTO, SCALED = TimeWanted(Asked.AUTO), TimeWanted(Asked.SCALED)
FAST_MACHINE, SLOW_MACHINE = 0.001, 0.3
"""Seconds that an exchange takes at most, with one exception in a hundred."""


def scenario(*faults: dict[str, Any], outcome: str = "succeeded", **world: Any) -> Scenario:
    return Scenario(
        about="A program gets a license.",
        operation=Operation.LICENSE_ACQUISITION,
        dialect="clearkey",
        world=WorldSettings(**world),
        faults=tuple(Rule.model_validate(fault) for fault in faults),
        expect=Expectation(outcome=Outcome(outcome)),
    )


def unavailable(times: int) -> list[dict[str, Any]]:
    return [{"when": {"exchange": "license", "nth": nth}, "fault": "status", "status": 503} for nth in range(1, times + 1)]


def come_back_in(duration: str, nth: int, form: str = "seconds") -> dict[str, Any]:
    when = {"exchange": "license", "nth": nth}
    return {"when": when, "fault": "retry_after", "status": 503, "retry_after": duration, "form": form}


def played(
    client: str,
    profile: Profile,
    situation: Scenario,
    wanted: TimeWanted,
    *,
    latency_s: float = FAST_MACHINE,
    watch: Any = None,
) -> Run:
    make = client_from(client, profile)
    return run_in_time(
        situation,
        make,
        wanted,
        client_name="client",
        adapter=client.partition(":")[0],
        watch=watch,
        latency_s=lambda: latency_s,
    )


def curl(situation: Scenario, wanted: TimeWanted, **more: Any) -> Run:
    return played(CURL, load_profile("curl_retry"), situation, wanted, **more)


def example(situation: Scenario, wanted: TimeWanted, profile: Profile = EXAMPLE_PROFILE) -> Run:
    return played(f"stdio:{shlex.join([sys.executable, str(EXAMPLE)])}", profile, situation, wanted)


def broken(done: Run) -> dict[str, str]:
    return {v.check.id: v.finding.observed for v in done.verdicts if v.ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE)}


def first_time(done: Run) -> str:
    """The time that it was played in at first: a busy machine may have made real time decide."""
    return done.rerun_after or done.trace.head.time


class Stall:
    """Keeps the whole harness busy for so long in real time, when a request arrives; for the first so many requests."""

    def __init__(self, seconds: float, times: int) -> None:
        self._seconds, self._times = seconds, times

    def hear(self, entry: Entry) -> None:
        if isinstance(entry.what, RequestReceived) and self._times:
            self._times -= 1
            until_s = real_s() + self._seconds
            while real_s() < until_s:
                pass


# ── programs with libfaketime ───────────────────────────────────────────────────────────────────────────────────────


@needs_faketime
def test_curl_waits_its_seven_seconds_in_less_than_seven() -> None:
    began_s = real_s()
    make = client_from(CURL, load_profile("curl_retry"))
    done = run(scenario(*unavailable(3)), make, client_name="curl", adapter="wire", network="loopback", pace=Pace(factor=MOST))
    took_s = real_s() - began_s
    arrivals = [entry.at for entry, _ in done.trace.of(RequestReceived)]
    assert done.trace.head.time == "scaled ×60"
    assert len(arrivals) == 4
    assert arrivals[-1] - arrivals[0] >= 7 > took_s  # in fact half a second; only a busy machine is slower


@needs_faketime
@pytest.mark.parametrize("wanted", [AUTO, SCALED])
def test_curl_holds_in_scaled_time_or_else_in_real_time(wanted: TimeWanted) -> None:
    done = curl(scenario(*unavailable(1)), wanted)
    assert broken(done) == {}
    assert first_time(done) == "scaled ×60"


@needs_faketime
def test_the_cap_that_the_user_sets_is_kept() -> None:
    assert first_time(curl(scenario(), TimeWanted(Asked.SCALED, most=5))) == "scaled ×5"


@needs_faketime
def test_a_hiccup_of_the_machine_breaks_a_limit_in_scaled_time_and_real_time_decides() -> None:
    """0.3 s are 18 s at ×60, more than curl's limit of 10 s for a request: four times, and it gives up."""
    done = curl(scenario(), SCALED, watch=Stall(0.3, times=4).hear)
    assert (done.trace.head.time, done.rerun_after) == ("real", "scaled ×60")
    assert broken(done) == {}
    assert len(list(done.trace.of(RequestReceived))) == 1  # this time nothing was in its way


@needs_faketime
def test_on_a_machine_that_hiccups_all_the_time_real_time_is_used_and_it_is_said() -> None:
    done = curl(scenario(), SCALED, latency_s=SLOW_MACHINE, watch=Stall(0.3, times=4).hear)
    assert (done.trace.head.time, done.rerun_after) == ("real", "")
    assert done.why_real == "2 s are too short for scaled time here, where an exchange takes up to 300.0 ms"
    assert broken(done) == {}


@needs_faketime
def test_a_broken_rule_is_reported_from_real_time() -> None:
    portal = {"when": {"exchange": "license", "nth": 1}, "fault": "captive_portal"}
    done = curl(scenario(portal, outcome="failed"), SCALED)
    assert "EXPECT-001" in broken(done)
    assert (done.trace.head.time, done.rerun_after) == ("real", "scaled ×60")


# ── how fast ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("shortest", "most", "latency", "factor"),
    [(10.0, MOST, 0.001, 60), (10.0, MOST, 0.02, 25), (2.0, MOST, 0.05, 2), (2.0, MOST, 0.051, 1), (10.0, 7, 0.001, 7)],
    ids=["capped", "bounded", "just worth it", "not worth it", "the user's cap"],
)
def test_twenty_slow_exchanges_fit_into_the_shortest_time(shortest: float, most: int, latency: float, factor: int) -> None:
    found, why = bounded(shortest, most, latency)
    assert found == factor
    assert bool(why) is (factor == 1)


def test_the_shortest_time_is_a_promise_or_a_moment_of_the_user() -> None:
    quick = Profile(name="quick", first_status=0.5, cancel=2.0, retry=RetryPolicy(attempt_timeout=1.5))
    status: frozenset[str] = frozenset({"status"})
    assert shortest_s(scenario(), quick, status) == 0.5
    assert shortest_s(scenario(), quick, frozenset()) == 1.5  # who says nothing is not asked for a first status
    assert shortest_s(scenario(), quick.model_copy(update={"retry": None}), frozenset()) == 2.0
    hasty = scenario().model_copy(update={"user": (UserAction(at=0.3, do=Do.CANCEL),)})
    assert shortest_s(hasty, quick, status) == 0.3


# ── where it cannot be had ──────────────────────────────────────────────────────────────────────────────────────────


def test_without_the_library_scaled_time_is_refused_and_auto_says_why_it_is_real(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faketime, "PLACES", ())
    faketime._obstacle.cache_clear()
    try:
        with pytest.raises(AdapterError, match="libfaketime is not installed"):
            curl(scenario(), SCALED)
        done = curl(scenario(), AUTO)
    finally:
        faketime._obstacle.cache_clear()
    assert done.trace.head.time == "real"
    assert done.why_real.startswith("libfaketime is not installed")


def test_a_static_program_is_refused_scaled_time(tmp_path: Path) -> None:
    program = elf(tmp_path / "static")
    with pytest.raises(AdapterError, match=r"no scaled time: .*; use --time real"):
        played(f"wire:{program}", load_profile("curl_retry"), scenario(), SCALED)


def test_real_time_is_real_and_asks_for_nothing() -> None:
    done = curl(scenario(), TimeWanted())
    assert (done.trace.head.time, done.why_real, done.rerun_after) == ("real", "", "")


# ── programs that wait by the protocol ──────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_pauses_of_ten_minutes_are_skipped_and_the_programs_date_goes_along(form: str) -> None:
    began_s = real_s()
    done = example(scenario(come_back_in("10 min", 1, form), come_back_in("10 min", 2, form), limit=3600.0), AUTO)
    assert broken(done) == {}
    assert done.trace.head.time.endswith("waits skipped")
    arrivals = [entry.at for entry, _ in done.trace.of(RequestReceived)]
    assert len(arrivals) == 3
    assert 1200 <= arrivals[-1] - arrivals[0] < 1220
    assert real_s() - began_s < 60  # in fact two seconds; only a busy machine is slower


def test_in_real_time_a_wait_is_not_skipped() -> None:
    done = example(scenario(come_back_in("1 s", 1)), TimeWanted())
    assert done.trace.head.time == "real"
    assert broken(done) == {}


def test_a_reply_that_is_slow_to_come_is_not_skipped() -> None:
    stalled = {"when": {"exchange": "license", "nth": 1}, "fault": "delay", "delay": "1 s"}
    began_s = real_s()
    done = example(scenario(stalled), AUTO)
    assert broken(done) == {}
    assert done.trace.head.time == "real"
    assert real_s() - began_s >= 1


def test_a_user_who_cancels_in_a_pause_is_obeyed_at_once() -> None:
    cancel = scenario(come_back_in("10 min", 1), outcome="cancelled", limit=3600.0)
    done = example(cancel.model_copy(update={"user": (UserAction(at=300.0, do=Do.CANCEL),)}), AUTO)
    assert broken(done) == {}
    assert 300 <= done.trace.rounds[0].ended.at < 320


def test_what_breaks_with_waits_skipped_and_is_too_long_for_real_time_is_not_run_again() -> None:
    """It would be cut short, which proves nothing; what was seen stands, and the report says so."""
    single = EXAMPLE_PROFILE.model_copy(update={"retry": RetryPolicy(attempts=1, longest_wait=3600.0)})
    done = example(scenario(come_back_in("10 min", 1), limit=3600.0), AUTO, single)
    assert broken(done)
    assert done.rerun_after == ""
    assert done.why_real == "in real time it lasts longer than 90 s, so it was not run again"

"""Real players, in a real browser, on real sockets: what they do is seen, told apart and judged.

A run takes as long as the film of three seconds, so there are few.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from fake_servers.journal import RequestReceived
from harness.adapters.browser import player_names
from harness.adapters.registry import client_from
from harness.checks.judge import judge
from harness.checks.registry import Ruling
from harness.runner.run import play
from harness.scenario.library import find
from harness.scenario.load import load_scenario
from harness.status.phase import Phase
from harness.trace.entry import ClientNoted
from harness.trace.trace import Trace, status_of

OWN = Path(__file__).parent / "scenarios"
TIMES = 3


def played(player: str, name: str) -> Trace:
    """One run: of a scenario beside this file, or of one that comes with the harness."""
    file = OWN / f"{name}.yaml"
    scenario = load_scenario(file if file.is_file() else find([f"license_acquisition/{name}"])[0])
    make = client_from(f"browser:{player}")
    return play(scenario, make, client_name=player, adapter="browser", network="loopback")


def phases(trace: Trace) -> list[Phase]:
    return [status_of(entry).phase for entry in trace.statuses]


def failed(trace: Trace) -> list[str]:
    return [verdict.check.id for verdict in judge(trace) if verdict.ruling is Ruling.FAILED]


def noted(trace: Trace, what: str) -> list[str]:
    return [note.text for _, note in trace.of(ClientNoted) if note.what == what]


def on_the_wire(trace: Trace, exchange: str) -> int:
    return sum(request.exchange == exchange for _, request in trace.of(RequestReceived))


@pytest.mark.parametrize("player", player_names())
def test_a_player_plays_the_film_to_its_end(browser: None, player: str) -> None:
    trace = played(player, "undisturbed")
    assert phases(trace) == [Phase.STARTED, Phase.CONNECTING, Phase.RECEIVING, Phase.SUCCEEDED]
    assert failed(trace) == []
    assert on_the_wire(trace, "license") == 1
    settled = trace.rounds[0].settled
    assert settled is not None
    assert settled.at >= 3  # the length of the film


def test_a_preflight_is_told_from_a_license_request(browser: None) -> None:
    trace = played("dashjs", "undisturbed")  # its content type makes the browser ask first
    assert (on_the_wire(trace, "preflight"), on_the_wire(trace, "license"), len(trace.exchanges)) == (1, 1, 1)


@pytest.mark.parametrize("player", ["shaka", "dashjs"])
def test_what_the_browser_sends_again_is_told_from_the_players_retry(browser: None, player: str) -> None:
    trace = played(player, "dead_connection")
    asked_by_the_player = noted(trace, "request")
    assert on_the_wire(trace, "license") == 3
    assert len(asked_by_the_player) == len(trace.exchanges) == 2  # the page's own requests, seen by other means, agree
    assert trace.superseded == {first: first + 1 for first in trace.superseded}
    assert len(trace.superseded) == 1
    assert failed(trace) == []


def test_a_fatal_error_is_a_failure_until_the_users_retry_succeeds(browser: None) -> None:
    trace = played("shaka", "captive_portal")
    first, second = trace.rounds
    assert (first.outcome, second.outcome) == ("failed", "succeeded")
    assert status_of(second.reports[0]).phase is Phase.RETRYING
    assert failed(trace) == []


def test_a_key_of_another_film_is_no_success(browser: None) -> None:
    trace = played("shaka", "key_of_another_film")
    assert phases(trace)[-1] is Phase.FAILED
    assert failed(trace) == []


def test_a_cancel_stops_the_player(browser: None) -> None:
    trace = played("shaka", "stopped_by_the_viewer")
    assert phases(trace)[-1] is Phase.CANCELLED
    assert failed(trace) == []


def test_a_certificate_that_is_in_order_is_trusted_and_others_are_not(browser: None) -> None:
    assert played("shaka", "over_tls").rounds[0].outcome == "succeeded"
    trace = played("shaka", "somebody_elses_certificate")
    assert trace.rounds[0].outcome == "failed"
    assert on_the_wire(trace, "license") == 0
    assert failed(trace) == []


def test_the_same_scenario_gives_the_same_verdicts_each_time(browser: None) -> None:
    verdicts = [[(v.check.id, v.ruling) for v in judge(played("shaka", "rolling_restart"))] for _ in range(TIMES)]
    assert verdicts == [verdicts[0]] * TIMES

"""What the events of the players say to their users, by their profiles; no browser needed."""

from collections.abc import Callable
from typing import Any

import pytest

from harness.adapters.browser import player_names, player_profile
from harness.adapters.browser.mapping import Interpreter
from harness.status.message import StatusMessage
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason

PLAYERS = player_names()

# The failure of a license request with an HTTP status (0: no reply), as each player tells it.
FAILURES: dict[str, Callable[[int], tuple[str, dict[str, Any]]]] = {
    "shaka": lambda status: (
        "error",
        {
            "severity": 2,
            "code": 6007,
            "inner": {"code": 1001 if status else 1002, "status": status},
            "text": "Shaka Error 6007",
        },
    ),
    "dashjs": lambda status: (
        "error",
        {
            "code": 114,
            "text": f"DRM: licenser error! --org.w3.clearkey update, XHR {'complete' if status else 'error'}. "
            f'status is "" ({status}), readyState is 4',
        },
    ),
    "hlsjs": lambda status: (
        "hlsError",
        {"fatal": True, "type": "keySystemError", "details": "keySystemLicenseRequestFailed", "status": status, "text": "…"},
    ),
}


def interpreter(name: str) -> Interpreter:
    return Interpreter(player_profile(name)[1], Operation.LICENSE_ACQUISITION)


def said(told: StatusMessage | None) -> tuple[Phase, Reason | None] | None:
    return (told.phase, told.reason) if told else None


@pytest.mark.parametrize("name", PLAYERS)
def test_every_player_can_say_how_it_begins_asks_and_ends(name: str) -> None:
    phases = {rule.says for rule in player_profile(name)[1].events}
    assert phases >= {Phase.STARTED, Phase.CONNECTING, Phase.SUCCEEDED, Phase.FAILED, Phase.CANCELLED}


@pytest.mark.parametrize("name", PLAYERS)
def test_a_profile_reports_the_phases_that_its_table_says(name: str) -> None:
    profile, player = player_profile(name)
    assert {rule.says for rule in player.events if not rule.says.settles} == set(profile.phases)


@pytest.mark.parametrize("name", FAILURES)
@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (403, Reason.REQUEST_REFUSED),
        (429, Reason.RATE_LIMITED),
        (500, Reason.SERVICE_UNAVAILABLE),
        (503, Reason.SERVICE_UNAVAILABLE),
        (504, Reason.TIMED_OUT),
        (0, Reason.CONNECTION_LOST),
    ],
)
def test_a_failed_request_is_named_for_what_the_player_lets_its_page_know(name: str, status: int, reason: Reason) -> None:
    event, fields = FAILURES[name](status)
    told = interpreter(name).hear(event, fields)
    assert said(told) == (Phase.FAILED, reason)
    assert told is not None
    assert told.text == fields["text"]


@pytest.mark.parametrize("name", PLAYERS)
def test_playing_to_the_end_is_success(name: str) -> None:
    assert said(interpreter(name).hear("video.ended", {"at": 3})) == (Phase.SUCCEEDED, None)


@pytest.mark.parametrize("name", PLAYERS)
def test_a_failure_stays_one_though_two_more_seconds_play(name: str) -> None:
    heard = interpreter(name)
    assert said(heard.hear("video.error", {"code": 3})) == (Phase.FAILED, Reason.LICENSE_UNUSABLE)
    assert [heard.hear("video.playing", {}), heard.hear("video.ended", {"at": 3})] == [None, None]


def test_a_new_round_opens_with_retrying_and_may_succeed() -> None:
    heard = interpreter("shaka")
    told: list[Any] = [heard.hear("loading", {}), heard.hear("license request", {}), heard.hear("video.error", {})]
    heard.open_round()
    told += [heard.hear("loading", {}), heard.hear("license request", {}), heard.hear("video.ended", {})]
    assert [(status.round, status.attempt, status.phase) for status in told] == [
        (1, 0, Phase.STARTED),
        (1, 1, Phase.CONNECTING),
        (1, 1, Phase.FAILED),
        (2, 1, Phase.RETRYING),
        (2, 2, Phase.CONNECTING),
        (2, 2, Phase.SUCCEEDED),
    ]


def test_an_error_that_is_not_fatal_says_nothing() -> None:
    assert interpreter("hlsjs").hear("hlsError", {"fatal": False, "details": "bufferStalledError"}) is None
    assert interpreter("shaka").hear("error", {"severity": 1, "code": 1001}) is None


def test_what_a_player_says_is_cut_where_it_is_endless() -> None:
    told = interpreter("dashjs").hear("error", {"code": 1, "text": "x" * 10_000})
    assert told is not None
    assert len(told.text) == 500

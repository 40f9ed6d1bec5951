"""A profile's table of a player's events: what a row fits, and what is told about a wrong one."""

from typing import Any

import pytest
from pydantic import ValidationError

from harness.scenario.player import EventRule, Player, Wanted, matches
from harness.status.phase import Phase


@pytest.mark.parametrize(
    ("wanted", "found", "fits"),
    [
        (503, 503, True),
        (503, "503", False),
        (True, 1, False),  # a flag and a number are different things
        ("400..499", 403, True),
        ("400..499", 500, False),
        ("400..499", "403", False),
        (r"/\(0\)/", 'status is "" (0)', True),
        (r"/\(0\)/", 0, False),
        (("a", "b"), "b", True),
        (("a", 3), 4, False),
        (503, None, False),
    ],
)
def test_a_field_is_a_value_one_of_several_within_a_range_or_of_a_pattern(wanted: Wanted, found: object, fits: bool) -> None:
    assert matches(wanted, found) is fits


@pytest.mark.parametrize(
    ("event", "fields", "says"),
    [
        ("error", {"code": 6007, "inner": {"code": 1001}}, Phase.FAILED),
        ("error", {"code": 6007, "inner": None}, Phase.RETRY_SCHEDULED),
        ("error", {}, Phase.RETRY_SCHEDULED),
        ("other", {}, None),
    ],
)
def test_the_first_row_that_fits_counts(event: str, fields: dict[str, Any], says: Phase | None) -> None:
    rows = (
        EventRule(on="error", where={"code": 6007, "inner.code": 1001}, says=Phase.FAILED),
        EventRule(on="error", says=Phase.RETRY_SCHEDULED),
    )
    rule = Player(package="player@1.2.3", events=rows).rule_for(event, fields)
    assert (rule.says if rule else None) is says


def test_a_pattern_that_is_none_is_refused() -> None:
    with pytest.raises(ValidationError, match=r"/\(/ is no regular expression"):
        EventRule(on="error", where={"text": "/(/"}, says=Phase.FAILED)


@pytest.mark.parametrize("package", ["player", "player@latest", "player@^1.2.3", "player@1"])
def test_a_player_has_an_exact_version(package: str) -> None:
    with pytest.raises(ValidationError, match="an exact version, such as"):
        Player(package=package, events=())


def test_a_package_may_have_a_scope() -> None:
    player = Player(package="@maker/player@1.2.3", events=())
    assert (player.package_name, player.package_version) == ("@maker/player", "1.2.3")

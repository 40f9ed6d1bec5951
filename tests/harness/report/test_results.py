"""What runs come to: rulings, exit statuses, and what expected failures change about them."""

from __future__ import annotations

import pytest

from harness.checks.registry import Ruling, Verdict
from harness.report.results import Exit, NotRun, Standing, UnexpectedPass
from tests.harness.report.results import (
    ORDER,
    PACE,
    TRUTH,
    failed,
    passed,
    played,
    report,
    silent,
    tunnels,
    unclear,
)

LEFT_OUT = NotRun("license_backup/vault", "my-player", "license_backup is not in its profile")


@pytest.mark.parametrize(
    ("verdicts", "exit_status"),
    [
        ([passed(ORDER), silent(TRUTH)], Exit.HELD),
        ([passed(ORDER), failed(TRUTH)], Exit.BROKEN),
        ([unclear(ORDER), failed(TRUTH)], Exit.BROKEN),
        ([passed(ORDER), unclear(TRUTH)], Exit.INCONCLUSIVE),
        ([passed(ORDER), failed(PACE)], Exit.HELD),  # a should-rule is only reported
        ([silent(ORDER), silent(TRUTH)], Exit.INCONCLUSIVE),  # nothing was shown
        ([], Exit.INCONCLUSIVE),
    ],
)
def test_the_exit_status_follows_the_worst_must_check(verdicts: list[Verdict], exit_status: Exit) -> None:
    assert report(played(tunnels(), *verdicts)).exit is exit_status


def test_the_worst_run_decides_over_the_rest() -> None:
    good, bad = played(tunnels(), passed(ORDER)), played(tunnels(), failed(ORDER), scenario="other")
    assert report(good, bad, good).exit is Exit.BROKEN


def test_an_expected_failure_breaks_nothing() -> None:
    result = played(tunnels(), passed(ORDER), failed(TRUTH), expected={TRUTH.id: "MYPLAYER-17"})
    assert result.standing(result.verdicts[1]) is Standing.EXPECTED
    assert report(result).exit is Exit.HELD


def test_an_expected_failure_does_not_excuse_another_one() -> None:
    result = played(tunnels(), failed(ORDER), failed(TRUTH), expected={TRUTH.id: "MYPLAYER-17"})
    assert report(result).exit is Exit.BROKEN


def test_an_expected_failure_that_does_not_come_breaks_the_build_of_its_client_only() -> None:
    mine, theirs = played(tunnels(), passed(ORDER)), played(tunnels(), passed(ORDER), client="other")
    unexpected = (UnexpectedPass(ORDER.id, "license_acquisition/*", ("my-player",), "known.yaml:2:5"),)
    found = report(mine, theirs, unexpected=unexpected)
    assert found.exit is Exit.BROKEN
    assert (found.ruling_of("my-player"), found.ruling_of("other")) == (Ruling.FAILED, Ruling.PASSED)


def test_an_error_says_nothing_of_the_client_unless_something_else_did() -> None:
    error = NotRun("other", "my-player", "the port is taken")
    assert report(played(tunnels(), passed(ORDER)), errors=(error,)).exit is Exit.USAGE
    assert report(played(tunnels(), failed(ORDER)), errors=(error,)).exit is Exit.BROKEN


def test_an_interruption_is_inconclusive_unless_something_was_broken_before() -> None:
    assert report(played(tunnels(), passed(ORDER)), interrupted=True).exit is Exit.INCONCLUSIVE
    assert report(played(tunnels(), failed(ORDER)), interrupted=True).exit is Exit.BROKEN


def test_what_is_not_applicable_takes_nothing_away_from_what_held() -> None:
    assert report(played(tunnels(), passed(ORDER)), not_applicable=(LEFT_OUT,)).exit is Exit.HELD


def test_a_client_to_which_nothing_applied_has_shown_nothing() -> None:
    found = report(played(tunnels(), passed(ORDER), client="other"), not_applicable=(LEFT_OUT,))
    assert found.ruling_of("my-player") is Ruling.NOT_APPLICABLE
    assert found.exit is Exit.INCONCLUSIVE


def test_counts_tell_how_much_was_judged_and_what_is_remarkable() -> None:
    result = played(tunnels(), passed(ORDER), failed(TRUTH), failed(PACE), silent(ORDER))
    assert result.counts == "3 of 4 checks judged (1 failed, 1 failed at level should)"


def test_only_invented_wires_that_were_seen_are_told() -> None:
    assert played(tunnels(), invented=("backup", "license")).invented == ("license",)

"""Runs as a person reads them, down to the last character."""

from __future__ import annotations

from harness.report.results import NotRun, UnexpectedPass
from harness.report.terminal import closing, details, needs_a_look, not_run_line, opening, result_line
from tests.harness.report.results import (
    LEFT_OPEN,
    ORDER,
    PACE,
    TRUTH,
    entry_saying,
    failed,
    passed,
    played,
    report,
    shown,
    silent,
    tunnels,
    unclear,
)
from tests.snapshots.snapshot import assert_same


def test_a_passing_run() -> None:
    result = played(tunnels(), passed(ORDER), passed(TRUTH), silent(PACE), invented=("license",))
    left_out = NotRun("license_backup/vault", "my-player", "license_backup is not in its profile")
    assert not needs_a_look(result)
    text = shown(
        [
            opening("1.2.3", ["my-player"], ["simulated"], 2),
            not_run_line(left_out, 28),
            result_line(result, 28),
            *closing(report(result, not_applicable=(left_out,))),
        ]
    )
    assert_same("passing_run.txt", text)


def test_a_failing_run_with_its_timeline() -> None:
    trace = tunnels()
    told_twice = entry_saying(trace, "succeeded"), entry_saying(trace, "failed")
    result = played(
        trace,
        failed(ORDER, told_twice[1], expected="after succeeded: nothing until the user acts", observed="failed"),
        failed(TRUTH, *told_twice),
        failed(PACE, entry_saying(trace, "retrying"), expected="at least 1 s", observed="0.8 s " + "and so on " * 12),
        passed(LEFT_OPEN),
        invented=("license", "backup"),
    )
    assert needs_a_look(result)
    assert_same("failing_run.txt", shown([result_line(result), *details(result), *closing(report(result))]))


def test_an_inconclusive_run_says_why_once() -> None:
    result = played(tunnels(), unclear(ORDER), unclear(TRUTH), unclear(LEFT_OPEN, "check RETRY-911 crashed: KeyError: 'x'"))
    assert needs_a_look(result)
    assert_same("inconclusive_run.txt", shown([*details(result, with_timeline=False), *closing(report(result))]))


def test_expected_failures_that_come_and_that_do_not() -> None:
    result = played(tunnels(), failed(TRUTH), passed(ORDER), expected={TRUTH.id: "MYPLAYER-17"})
    unexpected = (UnexpectedPass(ORDER.id, "license_acquisition/*", ("my-player",), "known.yaml:2:5"),)
    text = shown([result_line(result), *details(result, with_timeline=False), *closing(report(result, unexpected=unexpected))])
    assert_same("expected_failures.txt", text)


def test_a_command_to_copy_is_never_broken_into_lines() -> None:
    result = played(tunnels(), failed(TRUTH), scenario="x" * 150)
    assert f"to reproduce: {result.reproduce}\n" in shown(details(result))

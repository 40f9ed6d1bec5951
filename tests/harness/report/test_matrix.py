"""Clients side by side, down to the last character."""

from __future__ import annotations

import pytest

from harness.report.matrix import client_report, heading, left_out, legend, matrix
from harness.report.results import NotRun, Report, UnexpectedPass
from harness.report.terminal import closing
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


def three_clients() -> Report:
    trace = tunnels()
    end = entry_saying(trace, "failed")
    return report(
        played(trace, passed(ORDER), passed(TRUTH), passed(PACE), silent(LEFT_OPEN), client="reference"),
        played(trace, passed(ORDER), failed(TRUTH, 1, end), failed(PACE, end), silent(LEFT_OPEN)),
        played(trace, failed(ORDER, end), failed(TRUTH, end), passed(PACE), silent(LEFT_OPEN), scenario="other"),
        played(trace, unclear(ORDER), failed(TRUTH), silent(PACE), silent(LEFT_OPEN), client="curl", expected={TRUTH.id: "#1"}),
        command="validate",
        not_applicable=(NotRun("license_backup/vault", "curl", "license_backup is not in its profile"),),
        unexpected=(UnexpectedPass(PACE.id, "*", ("reference",), "known.yaml:2:5"),),
    )


def test_three_clients_side_by_side() -> None:
    found = three_clients()
    reports = [block for client in found.clients for block in client_report(found, client)]
    text = shown([*left_out(found.not_applicable), matrix(found), *legend(found), *reports, *closing(found)])
    assert_same("matrix.txt", text)


def test_a_check_that_never_applied_has_no_row() -> None:
    assert LEFT_OPEN.id not in shown([matrix(three_clients())])


def test_five_clients_are_numbered_and_named_beneath() -> None:
    found = report(*(played(tunnels(), passed(ORDER), client=f"player {letter}") for letter in "abcde"))
    text = shown([matrix(found), *legend(found)])
    assert text.splitlines()[0].split() == ["check", "rule", "1", "2", "3", "4", "5"]
    assert "5 = player e" in text


@pytest.mark.parametrize(
    ("client", "lines"),
    [
        ("reference", "reference"),
        ("success_on_captive_portal", "success_on_\ncaptive_\nportal"),
        ("averyveryverylongname", "averyveryvery\nlongname"),
        ("my player", "my player"),
    ],
)
def test_a_long_name_is_broken_where_its_words_end(client: str, lines: str) -> None:
    assert heading(client) == lines

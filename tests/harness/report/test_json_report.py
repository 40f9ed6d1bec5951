"""The report for scripts: its keys are a promise."""

from __future__ import annotations

import json

from harness.report.json_report import json_report, json_text
from harness.report.results import NotRun, UnexpectedPass
from tests.harness.report.results import ORDER, TRUTH, failed, passed, played, report, tunnels
from tests.snapshots.snapshot import assert_same


def test_the_report_of_a_failing_and_a_missing_run() -> None:
    found = report(
        played(tunnels(), passed(ORDER), failed(TRUTH, 1), invented=("license",)),
        not_applicable=(NotRun("license_backup/vault", "curl", "license_backup is not in its profile"),),
        errors=(NotRun("other", "my-player", "the port is taken"),),
        unexpected=(UnexpectedPass(ORDER.id, "*", ("my-player",), "known.yaml:2:5"),),
    )
    assert_same("report.json", json_text(json_report(found)) + "\n")


def test_the_text_is_json_whatever_a_client_said() -> None:
    found = report(played(tunnels(), failed(TRUTH, observed="\x1b[2J\u2028\"'")))
    assert json.loads(json_text(json_report(found)))["runs"][0]["checks"][0]["observed"] == "\x1b[2J\u2028\"'"

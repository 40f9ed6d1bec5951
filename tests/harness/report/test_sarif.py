"""SARIF files, held against the published schema, and their places against the files that they name."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from harness.report.results import NotRun, Report, Result, UnexpectedPass
from harness.report.sarif import write_sarif
from harness.scenario.library import scenario_root
from harness.scenario.load import load_scenario
from tests.harness.checks.trace_builder import fires, says, trace_of
from tests.harness.report.results import (
    LEFT_OPEN,
    ORDER,
    PACE,
    TRUTH,
    check,
    failed,
    passed,
    played,
    report,
    silent,
    tunnels,
    unclear,
)

SCHEMA = json.loads((Path(__file__).parents[2] / "vectors" / "sarif-2.1.0.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft7Validator(SCHEMA)
EXPECTATION = check("EXPECT-901", "The run ends as the scenario expects")


def run_of(found: Report, folder: Path) -> dict[str, Any]:
    """The one run in the file that is written, once the schema has agreed to it."""
    file = folder / "new" / "found.sarif"
    write_sarif(found, file)
    told = json.loads(file.read_text(encoding="utf-8"))
    VALIDATOR.validate(told)
    (run,) = told["runs"]
    return dict(run)


def at(result: dict[str, Any]) -> tuple[str, int]:
    place = result["locations"][0]["physicalLocation"]
    return place["artifactLocation"]["uri"], place["region"]["startLine"]


def from_file(result: Result, file: Path | str) -> Result:
    return Result(result.trace, result.verdicts, result.expected, result.reproduce, result.trace_file, scenario_file=str(file))


def test_only_what_was_broken_is_a_result_and_its_level_follows_the_rule(tmp_path: Path) -> None:
    run = run_of(report(played(tunnels(), passed(ORDER), failed(TRUTH), failed(PACE), silent(LEFT_OPEN))), tmp_path)
    assert [(each["ruleId"], each["level"]) for each in run["results"]] == [(TRUTH.id, "error"), (PACE.id, "warning")]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[each["ruleIndex"]]["id"] for each in run["results"]] == [TRUTH.id, PACE.id]


def test_a_known_failure_is_suppressed_with_its_reason_and_one_that_did_not_come_points_into_the_list(tmp_path: Path) -> None:
    found = report(
        played(tunnels(), failed(TRUTH), passed(ORDER), expected={TRUTH.id: "TICKET-1"}),
        unexpected=(UnexpectedPass(ORDER.id, "*", ("my-player",), f"{tmp_path}/known.yaml:2:5"),),
    )
    known, unexpected = run_of(found, tmp_path)["results"]
    assert known["suppressions"] == [{"kind": "external", "justification": "TICKET-1"}]
    assert at(unexpected) == ((tmp_path / "known.yaml").as_uri(), 2)


def test_doubts_and_errors_are_notifications(tmp_path: Path) -> None:
    found = report(played(tunnels(), unclear(ORDER)), errors=(NotRun("c", "my-player", "a port is taken", is_error=True),))
    run = run_of(found, tmp_path)
    (invocation,) = run["invocations"]
    assert run["results"] == []
    assert invocation["executionSuccessful"] is False
    assert [each["level"] for each in invocation["toolExecutionNotifications"]] == ["error", "warning"]


def test_a_result_points_to_the_fault_that_fired_and_an_expectation_to_its_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(scenario_root().parent)
    file = scenario_root() / "license_acquisition" / "captive_portal.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    scenario = load_scenario(file)
    trace = trace_of("start", says("started"), "asks license", fires("captive_portal"))
    trace = trace.model_copy(update={"head": trace.head.model_copy(update={"scenario": scenario})})
    result = Result(trace, (failed(TRUTH), failed(EXPECTATION)), scenario_file=str(file))
    first, second = (at(each) for each in run_of(report(result), tmp_path)["results"])
    assert first[0] == second[0] == "scenarios/license_acquisition/captive_portal.yaml"
    assert "captive_portal" in lines[first[1] - 1]
    assert lines[second[1] - 1].startswith("expect:")


def test_a_scenario_that_has_gone_meanwhile_is_pointed_to_all_the_same(tmp_path: Path) -> None:
    gone = tmp_path / "with space" / "gone.yaml"
    run = run_of(report(from_file(played(tunnels(), failed(TRUTH)), gone)), tmp_path)
    assert at(run["results"][0]) == (gone.as_uri(), 1)


def test_proof_points_to_the_lines_of_the_trace(tmp_path: Path) -> None:
    run = run_of(report(played(tunnels(), failed(TRUTH, 0, 4))), tmp_path)
    places = [related["physicalLocation"]["region"]["startLine"] for related in run["results"][0]["relatedLocations"]]
    assert places == [2, 6]  # the head is the first line


def test_a_text_of_a_client_makes_no_link_and_no_argument(tmp_path: Path) -> None:
    run = run_of(report(played(tunnels(), failed(TRUTH, observed="[x](javascript:alert(1)) {0}"))), tmp_path)
    assert "\\[x\\](javascript:alert(1)) {{0}}." in run["results"][0]["message"]["text"]


def test_a_failure_keeps_its_fingerprint_wherever_it_is_told(tmp_path: Path) -> None:
    prints = {
        run_of(report(from_file(played(tunnels(), failed(TRUTH)), file)), tmp_path)["results"][0]["partialFingerprints"][
            "drmHarness/v1"
        ]
        for file in ("a.yaml", "elsewhere/b.yaml")
    }
    assert len(prints) == 1

"""JUnit files, read back as continuous integration reads them."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from harness.report.junit import write_junit
from harness.report.results import NotRun, Report, UnexpectedPass
from tests.harness.report.results import LEFT_OPEN, ORDER, PACE, TRUTH, failed, passed, played, report, silent, tunnels, unclear


def read_back(found: Report, folder: Path) -> dict[str, TestCase]:
    """Test cases by name."""
    file = folder / "new" / "junit.xml"
    write_junit(found, file)
    suites = list(JUnitXml.fromfile(str(file)))
    assert all(isinstance(suite, TestSuite) for suite in suites)
    return {f"{suite.name}/{case.classname}/{case.name}": case for suite in suites for case in suite}


def test_each_check_of_each_run_is_a_test_case(tmp_path: Path) -> None:
    result = played(tunnels(), passed(ORDER), failed(TRUTH), failed(PACE), silent(LEFT_OPEN), scenario="a/b")
    cases = list(read_back(report(result), tmp_path).values())
    kinds = [[type(told) for told in case.result] for case in cases]
    assert kinds == [[], [Failure], [Skipped], [Skipped]]


def test_a_failure_tells_its_three_lines_and_how_to_reproduce_it(tmp_path: Path) -> None:
    result = played(tunnels(), failed(TRUTH), scenario="a/b")
    (case,) = read_back(report(result), tmp_path).values()
    (told,) = case.result
    assert told.message == "none came"
    assert told.text.splitlines() == [
        "STATUS-904  Success is claimed only when it is true",
        "expected: a reply 'granted'",
        "observed: none came",
        f"to reproduce: {result.reproduce}",
    ]


def test_what_could_not_be_decided_is_an_error_and_what_did_not_apply_is_skipped(tmp_path: Path) -> None:
    cases = read_back(report(played(tunnels(), unclear(ORDER), silent(TRUTH), failed(PACE), scenario="a")), tmp_path)
    assert {name.split()[0]: type(case.result[0]) for name, case in cases.items()} == {
        "my-player/a/STATUS-902": Error,
        "my-player/a/STATUS-904": Skipped,
        "my-player/a/RETRY-906": Skipped,
    }


def test_scenarios_that_were_not_run_and_expectations_that_failed_are_cases_too(tmp_path: Path) -> None:
    found = report(
        played(tunnels(), failed(TRUTH), expected={TRUTH.id: "#1"}, scenario="a"),
        not_applicable=(NotRun("b", "my-player", "not in its profile"),),
        errors=(NotRun("c", "my-player", "a port is taken"),),
        unexpected=(UnexpectedPass(ORDER.id, "*", ("my-player",), "known.yaml:2:5"),),
    )
    kinds = [type(case.result[0]) for case in read_back(found, tmp_path).values()]
    assert kinds == [Skipped, Failure, Skipped, Error]


def test_characters_that_xml_cannot_hold_do_not_spoil_the_file(tmp_path: Path) -> None:
    cases = read_back(report(played(tunnels(), failed(TRUTH, observed="\x00\x1b]<&\ud800"), client="p\x07")), tmp_path)
    (told,) = next(iter(cases.values())).result
    assert told.message == "\\x00\\x1b]<&\\xd800"

"""JUnit XML, as continuous integration reads it: a suite a client, a test case for each scenario and check."""

from __future__ import annotations

from pathlib import Path

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite
from junitparser.junitparser import FinalResult

from harness.checks.registry import Verdict
from harness.report.failures import three_lines
from harness.report.plain_text import LONGEST_COMMAND, plain
from harness.report.results import NotRun, Report, Result, Standing


def write_junit(report: Report, path: Path) -> None:
    """Write the file, and the folder that it stands in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    junit(report).write(str(path), pretty=True)


def junit(report: Report) -> JUnitXml:
    """The whole report. What is inconclusive is an error, what does not apply is skipped."""
    xml = JUnitXml("drm-harness")
    for client in report.clients:
        suite = TestSuite(plain(client))
        suite.add_property("drm-harness", report.version)
        for result in report.of(client):
            suite.add_property(f"seed of {result.scenario}", str(result.trace.head.seed))
            suite.add_property(f"network of {result.scenario}", result.trace.head.network)
            suite.add_property(f"time of {result.scenario}", result.trace.head.time)
            for verdict in result.verdicts:
                name = f"{verdict.check.id} {verdict.check.title}"
                suite.add_testcase(_case(result.scenario, name, _outcome(result, verdict)))
        for passed in report.unexpected:
            if client in passed.clients:
                told = Failure(f"it held, and is listed as an expected failure at {passed.place}", "unexpected pass")
                suite.add_testcase(_case(passed.scenario, f"{passed.check} expected failure", told))
        for one in report.not_applicable:
            if one.client == client:
                suite.add_testcase(_not_run(one, Skipped(plain(one.why), "not applicable")))
        for one in report.errors:
            if one.client == client:
                suite.add_testcase(_not_run(one, Error(plain(one.why), "error")))
        xml.add_testsuite(suite)
    return xml


def _outcome(result: Result, verdict: Verdict) -> FinalResult | None:
    rule, expected, observed = three_lines(verdict)
    match result.standing(verdict):
        case Standing.FAILED:
            failed = Failure(observed, "broken rule")
            failed.text = "\n".join((rule, f"expected: {expected}", f"observed: {observed}", *_reproduce(result)))
            return failed
        case Standing.ADVISED:
            return Skipped(f"should-rule not met: {observed}", "should")
        case Standing.EXPECTED:
            return Skipped(f"failed as expected: {observed}", "expected failure")
        case Standing.INCONCLUSIVE:
            return Error(observed, "inconclusive")
        case Standing.NOT_APPLICABLE:
            return Skipped(observed, "not applicable")
    return None


def _reproduce(result: Result) -> tuple[str, ...]:
    return (f"to reproduce: {plain(result.reproduce, LONGEST_COMMAND)}",) if result.reproduce else ()


def _not_run(one: NotRun, told: FinalResult) -> TestCase:
    return _case(one.scenario, "run", told)


def _case(scenario: str, name: str, told: FinalResult | None) -> TestCase:
    case = TestCase(name, classname=scenario)
    if told is not None:
        case.result = [told]
    return case

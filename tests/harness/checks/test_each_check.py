"""Every check says the right word of every literal trace, and none is without a trace that passes and one that fails."""

import pytest

from harness.checks.judge import judge
from harness.checks.registry import CHECKS, Ruling
from tests.harness.checks.case import Case
from tests.harness.checks.cases import operations, promises, retry, safety, several_contents, status

CASES: list[Case] = [*status.CASES, *retry.CASES, *safety.CASES, *operations.CASES, *several_contents.CASES, *promises.CASES]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_the_check_says_the_right_word(case: Case) -> None:
    finding = CHECKS[case.check].rule(case.trace())
    assert finding.ruling is case.ruling, finding


@pytest.mark.parametrize("ruling", [Ruling.PASSED, Ruling.FAILED])
@pytest.mark.parametrize("check", list(CHECKS))
def test_every_check_has_a_trace_that_passes_and_one_that_fails(check: str, ruling: Ruling) -> None:
    assert any(case.check == check and case.ruling is ruling for case in CASES)


@pytest.mark.parametrize("case", [case for case in CASES if case.ruling is Ruling.FAILED], ids=str)
def test_a_failure_says_what_was_expected_what_was_observed_and_where(case: Case) -> None:
    trace = case.trace()
    finding = CHECKS[case.check].rule(trace)
    assert finding.expected
    assert finding.observed
    assert finding.evidence
    assert set(finding.evidence) <= {entry.n for entry in trace.entries}


@pytest.mark.parametrize("case", CASES, ids=str)
def test_no_check_crashes_on_a_trace_made_for_another(case: Case) -> None:
    crashed = [verdict for verdict in judge(case.trace()) if "crashed" in verdict.finding.observed]
    assert not crashed

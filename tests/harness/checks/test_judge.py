"""What a check's word is worth for a run, and what a run is worth as a whole."""

from collections.abc import Iterator

import pytest

from harness.checks.judge import judge, summary, worst
from harness.checks.registry import CHECKS, Check, Finding, Level, Ruling, Verdict, check, failed, not_applicable, passed
from harness.errors import DeclarationError
from harness.status.operation import Operation
from harness.trace.trace import Trace
from tests.harness.checks.trace_builder import EVERYTHING, breaks_off, ends, trace_of

GOOD = ("start", "started", "connecting", "asks license", "truth license_issued", "answers granted", "installing", "succeeded")


def ruling(trace: Trace, check_id: str) -> Ruling:
    return next(verdict.ruling for verdict in judge(trace) if verdict.check.id == check_id)


def finding(trace: Trace, check_id: str) -> Finding:
    return next(verdict.finding for verdict in judge(trace) if verdict.check.id == check_id)


def verdict_of(ruling: Ruling, level: Level = "must") -> Verdict:
    made = Check("X.Y-001", "t", level, "s", frozenset(), frozenset(Operation), lambda trace: passed())
    return Verdict(made, Finding(ruling))


def test_an_undisturbed_run_fails_nothing_and_is_judged() -> None:
    verdicts = judge(trace_of(*GOOD))
    assert worst(verdicts) is Ruling.PASSED
    assert not [verdict for verdict in verdicts if verdict.ruling in (Ruling.FAILED, Ruling.INCONCLUSIVE)]


def test_verdicts_come_in_the_order_of_the_registry() -> None:
    assert [verdict.check.id for verdict in judge(trace_of(*GOOD))] == list(CHECKS)


def test_ids_stand_in_order_within_each_family() -> None:
    for family in {id_.split("-")[0] for id_ in CHECKS}:
        ids = [id_ for id_ in CHECKS if id_.startswith(f"{family}-")]
        assert ids == sorted(ids)


def test_a_check_that_cannot_see_what_it_needs_is_not_applicable_and_says_what() -> None:
    blind = trace_of(*GOOD, capabilities=EVERYTHING - {"status"})
    assert ruling(blind, "STATUS-003") is Ruling.NOT_APPLICABLE
    assert "status" in finding(blind, "STATUS-003").observed


def test_a_check_of_another_operation_is_not_applicable() -> None:
    assert finding(trace_of("start", "failed", operation="license_backup"), "STATUS-013").ruling is Ruling.NOT_APPLICABLE


@pytest.mark.parametrize("end", [ends("limit"), ends("interrupted"), breaks_off])
def test_a_pass_of_a_run_that_was_cut_short_is_inconclusive(end: object) -> None:
    assert ruling(trace_of(*GOOD, end), "STATUS-002") is Ruling.INCONCLUSIVE  # type: ignore[arg-type]  # parametrize loses it


def test_a_failure_of_a_run_that_was_cut_short_stays_one() -> None:
    assert ruling(trace_of("start", "started", "failed", "succeeded", ends("limit")), "STATUS-003") is Ruling.FAILED


def test_an_unfired_fault_makes_a_pass_inconclusive_and_is_named() -> None:
    trace = trace_of(*GOOD, ends("settled", fates=("fired", "unfired")))
    assert ruling(trace, "STATUS-003") is Ruling.INCONCLUSIVE
    assert "place 1" in finding(trace, "STATUS-003").observed


def test_a_fault_that_was_not_reached_changes_nothing() -> None:
    assert ruling(trace_of(*GOOD, ends("settled", fates=("not_reached",))), "STATUS-003") is Ruling.PASSED


def test_a_client_that_died_did_so_by_itself() -> None:
    assert ruling(trace_of(*GOOD, ends("client_died")), "STATUS-003") is Ruling.PASSED


@pytest.fixture
def crashing_check() -> Iterator[str]:
    """A third party's check that does not survive any trace."""

    @check("ACME.BROKEN-001", title="Broken", source="a test", needs=set())
    def broken(trace: Trace) -> Finding:
        """It raises."""
        raise ValueError("out of order")

    yield "ACME.BROKEN-001"
    del CHECKS._items["ACME.BROKEN-001"]  # a registry knows no removal: nothing but this test needs one


def test_a_check_that_crashes_is_inconclusive_and_named(crashing_check: str) -> None:
    found = finding(trace_of(*GOOD), crashing_check)
    assert found.ruling is Ruling.INCONCLUSIVE
    assert "broken" in found.observed
    assert "ValueError: out of order" in found.observed


@pytest.mark.parametrize(
    ("rulings", "expected"),
    [
        ([Ruling.PASSED, Ruling.FAILED, Ruling.INCONCLUSIVE], Ruling.FAILED),
        ([Ruling.PASSED, Ruling.INCONCLUSIVE, Ruling.NOT_APPLICABLE], Ruling.INCONCLUSIVE),
        ([Ruling.PASSED, Ruling.NOT_APPLICABLE], Ruling.PASSED),
        ([Ruling.NOT_APPLICABLE], Ruling.INCONCLUSIVE),
        ([], Ruling.INCONCLUSIVE),
    ],
)
def test_the_worst_word_wins_and_no_word_at_all_shows_nothing(rulings: list[Ruling], expected: Ruling) -> None:
    assert worst([verdict_of(ruling) for ruling in rulings]) is expected


def test_a_should_is_reported_and_breaks_nothing() -> None:
    assert worst([verdict_of(Ruling.PASSED), verdict_of(Ruling.FAILED, "should")]) is Ruling.PASSED


def test_a_should_alone_shows_nothing() -> None:
    assert worst([verdict_of(Ruling.PASSED, "should")]) is Ruling.INCONCLUSIVE


def test_the_summary_counts_what_was_judged() -> None:
    rulings = [Ruling.PASSED, Ruling.FAILED, Ruling.INCONCLUSIVE, Ruling.NOT_APPLICABLE]
    assert summary([verdict_of(ruling) for ruling in rulings]) == "2 of 4 checks judged (1 fail, 1 inconclusive)"
    assert summary([verdict_of(Ruling.PASSED)]) == "1 of 1 checks judged"


def test_a_check_is_refused_without_a_docstring_or_with_a_strange_id() -> None:
    def rule(trace: Trace) -> Finding:
        return failed("a", "b")

    with pytest.raises(DeclarationError, match="docstring"):
        check("STATUS-999", title="t", source="s", needs=set())(rule)
    rule.__doc__ = "A rule."
    with pytest.raises(DeclarationError, match="FAMILY-000"):
        check("STATUS-1", title="t", source="s", needs=set())(rule)


def test_every_check_explains_itself_and_names_its_source() -> None:
    for registered in CHECKS.values():
        assert len(registered.explanation) > 80, registered.id
        assert registered.title, registered.id
        assert registered.source, registered.id


def test_not_applicable_says_why() -> None:
    assert not_applicable("no retry").observed == "no retry"

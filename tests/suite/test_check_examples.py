"""What ``explain`` shows of a check is what happens: the traces are played again, and told in the same words."""

import pytest

from harness.checks.registry import CHECKS
from harness.report.examples import examples
from tests.generate.check_examples import named_in_the_file, pair

EVERY_FIFTH = 5
"""All of them take five seconds, and the generator's ``--check`` plays all."""


@pytest.mark.parametrize("check", list(CHECKS)[::EVERY_FIFTH])
def test_an_example_is_what_its_scenario_gives_today(check: str) -> None:
    assert examples(check) == pair(check, named_in_the_file()[check])


@pytest.mark.parametrize("check", CHECKS)
def test_every_check_of_the_house_has_an_example_that_holds_and_one_that_fails_with_its_proof(check: str) -> None:
    holds, fails = examples(check)
    assert (holds.ruling, fails.ruling) == ("pass", "fail")
    assert fails.bug
    assert fails.observed
    assert any(is_proof for *_, is_proof in fails.rows)

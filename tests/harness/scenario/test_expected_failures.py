"""A list of known failures: news is what it did not foresee, in both directions."""

from pathlib import Path

import pytest

from harness.errors import ProfileError
from harness.scenario.expected_failures import Failure, Listed, load_expected_failures, news

TEXT = """\
expected:
  - {scenario: license_acquisition/captive_portal, check: STATUS-004, because: it takes any 200 for a license}
  - {scenario: "license_restore/*", check: RETRY-002, client: mine, because: MINE-17}
"""
PORTAL = "license_acquisition/captive_portal"


@pytest.fixture
def listed(tmp_path: Path) -> tuple[Listed, ...]:
    path = tmp_path / "expected.yaml"
    path.write_text(TEXT, encoding="utf-8")
    return load_expected_failures(path)


def test_an_entry_knows_where_it_is_listed(listed: tuple[Listed, ...]) -> None:
    assert [each.place.rpartition("expected.yaml:")[2] for each in listed] == ["2:5", "3:5"]
    assert listed[1].failure.because == "MINE-17"


def test_what_is_listed_and_fails_is_no_news(listed: tuple[Listed, ...]) -> None:
    failed = [Failure("mine", PORTAL, "STATUS-004"), Failure("mine", "license_restore/a", "RETRY-002")]
    runs = [("mine", PORTAL), ("mine", "license_restore/a"), ("mine", "license_restore/b")]
    assert not news(listed, runs, failed)


def test_a_failure_that_is_not_listed_is_news(listed: tuple[Listed, ...]) -> None:
    other_check = Failure("mine", PORTAL, "STATUS-005")
    other_client = Failure("yours", "license_restore/a", "RETRY-002")
    found = news(listed, [("mine", PORTAL), ("yours", "license_restore/a")], [other_client, other_check])
    assert found
    assert found.failures == (other_check, other_client)


def test_a_listed_failure_that_never_comes_is_news_too(listed: tuple[Listed, ...]) -> None:
    found = news(listed, [("mine", PORTAL), ("mine", "license_restore/a")], [Failure("mine", PORTAL, "STATUS-004")])
    assert found
    assert found.passes == (listed[1],)
    assert found.failures == ()


def test_an_entry_that_covers_no_run_is_told_and_breaks_nothing(listed: tuple[Listed, ...]) -> None:
    found = news(listed, [("mine", PORTAL)], [Failure("mine", PORTAL, "STATUS-004")])
    assert not found
    assert found.unused == (listed[1],)


def test_one_failing_run_of_all_that_an_entry_covers_is_enough(listed: tuple[Listed, ...]) -> None:
    runs = [("mine", PORTAL), ("yours", PORTAL)]
    assert not news(listed, runs, [Failure("yours", PORTAL, "STATUS-004")]).passes


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "expected:\n  - {scenario: a, chek: STATUS-004, because: it is so}\n",
            "2:5: entry 1 of 'expected' needs 'check'\n  add it. 'check': The id of the check that fails, such as STATUS-004.\n"
            "{path}:2:19: entry 1 of 'expected' has no key 'chek'\n"
            "  did you mean 'check'? Its keys: scenario, check, client, because",
        ),
        (
            "expected: [{scenario: a, check: portal, because: it is so}]\n",
            "1:33: 'check' has not the right form: 'portal'\n  'check': The id of the check that fails, such as STATUS-004.",
        ),
        (
            "[]",
            "1:1: a list of expected failures is a mapping of keys, not a list\n"
            "  write it like this: expected: [{{scenario: ..., check: STATUS-004, because: ...}}]",
        ),
    ],
)
def test_a_wrong_list_is_told_with_its_place(text: str, problem: str, tmp_path: Path) -> None:
    path = tmp_path / "expected.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ProfileError) as caught:
        load_expected_failures(path)
    assert str(caught.value) == f"{path}:{problem.format(path=path)}"

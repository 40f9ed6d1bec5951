"""Profiles: those that come with the harness, and what is told about a wrong one."""

from pathlib import Path

import pytest

from harness.errors import ProfileError
from harness.scenario.load import load_profile, profile_names
from harness.scenario.model import Outcome
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import Reason


def test_each_profile_of_the_harness_can_be_loaded_by_its_name() -> None:
    assert profile_names() == ["curl", "curl_retry", "linear", "plain", "reference", "terse"]
    assert [load_profile(name).name for name in profile_names()] == profile_names()


def test_the_reference_profile_promises_what_a_profile_promises_by_default_and_several_contents() -> None:
    reference = load_profile("reference")
    assert reference.model_copy(update={"about": ""}) == Profile(name="reference", several_contents=True)


def test_curl_promises_one_request_and_an_exit_status() -> None:
    curl = load_profile("curl")
    assert curl.retry is not None
    assert (curl.retry.attempts, curl.phases, curl.operations) == (1, (), (Operation.LICENSE_ACQUISITION,))
    assert curl.exits == {"0": Outcome.SUCCEEDED, "default": Outcome.FAILED}
    assert not curl.reports(Phase.CONNECTING)


def test_curl_with_retries_doubles_its_pauses_and_never_repeats_after_a_reset() -> None:
    retry = load_profile("curl_retry").retry
    assert retry is not None
    assert [retry.bounds_s(failed) for failed in (1, 2, 3)] == [(1, 1), (2, 2), (4, 4)]
    assert Reason.CONNECTION_LOST not in retry.reasons


def told(path_or_name: Path | str) -> str:
    with pytest.raises(ProfileError) as caught:
        load_profile(path_or_name)
    return str(caught.value)


def test_an_unknown_name_is_told_with_the_nearest_and_the_way_to_a_file() -> None:
    assert told("curll") == (
        "no profile is named 'curll'\n"
        "  did you mean 'curl'? Profiles: curl, curl_retry, linear, plain, reference, terse; "
        "or give a file, such as ./curll.yaml"
    )


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("about: x\n", "1:1: a profile needs 'name'\n  add it. 'name': The client's name in reports."),
        (
            "name: x\nretry: {atempts: 3}\n",
            "2:9: 'retry' has no key 'atempts'\n  did you mean 'attempts'?",
        ),
        ("name: x\nretry: {jitter: 2}\n", None),
        (
            "name: x\nretry: {reasons: [timeout]}\n",
            "2:19: entry 1 of 'reasons' cannot be 'timeout'\n  did you mean 'timed_out'?",
        ),
        ("name: x\nexits: {0: won}\n", "2:12: '0' cannot be 'won'\n  Words: succeeded, failed, cancelled, blocked, declined"),
        (
            "name: x\nsilence: 30\n",
            "2:10: 'silence' needs a number with a unit, not 30\n  write '2 s'. Units: ms, s, min, h, d",
        ),
        ("name: x\nname: y\n", "2:1: the key 'name' stands twice; it stood in line 1 already\n  remove one of the two"),
        ("", "1:1: the file is empty\n  a profile begins like this: name: my-player, operations: [license_acquisition]"),
    ],
)
def test_a_wrong_profile_is_told_with_its_place(text: str, problem: str | None, tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text, encoding="utf-8")
    if problem is not None:
        assert told(path) == f"{path}:{problem}"
    else:
        assert told(path).startswith(f"{path}:2:17: 'jitter' is too large: 2\n  write at most 1")


def test_a_profile_file_can_write_factors_with_a_point(tmp_path: Path) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text("name: x\nversion: 3.10\nretry: {factor: 1.5, jitter: 0.25}\n", encoding="utf-8")
    profile = load_profile(path)
    assert profile.version == "3.10"
    assert profile.retry is not None
    assert (profile.retry.factor, profile.retry.jitter) == (1.5, 0.25)

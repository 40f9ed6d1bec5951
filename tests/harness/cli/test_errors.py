"""What is wrong is said in words, on standard error, with exit status 2; never as a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.harness.cli.invoking import PORTAL, UNDISTURBED, assert_refused, invoke

WRONG: dict[str, list[str]] = {
    "no_command": ["rnu"],
    "no_selection": ["run"],
    "no_option": ["run", "--netwrk", "loopback"],
    "no_scenario": ["run", "license_acquisition/captive_prtal"],
    "no_tag": ["run", "tag:smok"],
    "no_client": ["run", PORTAL, "--client", "refrence"],
    "no_program": ["run", PORTAL, "--client", "stdio:no-such-program"],
    "no_profile": ["run", PORTAL, "--profile", "referense"],
    "no_network": ["run", PORTAL, "--network", "wifi"],
    "no_kind": ["list", "fault"],
    "no_thing": ["explain", "NS_E_DRM_NO_RIGTS"],
    "nothing_like_it": ["explain", "zzz"],
    "no_schema": ["schema", "traces"],
    "real_time_only": ["run", PORTAL, "--client", "stdio:cat", "--network", "simulated"],
    "profiles_and_clients": ["validate", *["--client", "reference"] * 3, *["--profile", "plain"] * 2],
    "two_profiles": ["run", PORTAL, "--profile", "plain", "--profile", "terse"],
    "no_expected_failures": ["run", PORTAL, "--expected-failures", "gone.yaml"],
    "serve_early_fault": ["serve", "license_acquisition/nobody_listens", "--port", "8080"],
}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_word_is_told_with_what_to_do(name: str) -> None:
    assert_refused(name, *WRONG[name])


def test_every_problem_of_every_scenario_is_told_at_once(folder: Path) -> None:
    wrong = "about: an acquisition on a train\noperation: license_acquisitoin\nexpect: {outcome: succeeded}\n"
    (folder / "one.yaml").write_text(wrong)
    (folder / "two.yaml").write_text(wrong + "faults:\n  - {when: {exchange: license, nth: 1}, fault: reset_aftr}\n")
    assert_refused("wrong_scenarios", "run", "one.yaml", "two.yaml")


def test_a_module_that_does_not_exist_is_named() -> None:
    result = invoke("run", PORTAL, "--client", "python:no_such_module:Client")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: python:no_such_module:Client: importing no_such_module failed:")


def test_one_scenario_is_served_at_a_time() -> None:
    result = invoke("serve", "license_backup")
    assert result.exit_code == 2
    assert "scenarios; serve takes one at a time" in result.stderr


def test_a_folder_that_cannot_be_written_is_named(folder: Path) -> None:
    (folder / "taken").write_text("a file")
    result = invoke("run", UNDISTURBED, "--trace", "taken/traces")
    assert result.exit_code == 2
    assert result.stderr == "error: taken/traces: not a directory\n"


def test_a_bug_of_ours_does_not_pass_for_a_broken_client(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("division by zero")

    monkeypatch.setattr("harness.cli.playing.run", broken)
    result = invoke("run", UNDISTURBED)
    assert result.exit_code == 3
    assert "drm-harness itself failed: ZeroDivisionError: division by zero" in result.stderr
    with pytest.raises(ZeroDivisionError):
        raise invoke("--debug", "run", UNDISTURBED).exception or AssertionError

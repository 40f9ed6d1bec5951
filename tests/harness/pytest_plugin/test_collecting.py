"""Scenario files as tests of pytest."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.pytest_plugin.collecting import NECESSARY, is_scenario
from harness.scenario.library import find
from harness.scenario.load import PROFILES
from harness.scenario.model import Scenario
from tests.harness.pytest_plugin.conftest import FLAWED, ROOT, Inner

pytest_plugins = ["pytester"]

LANES = "seconds  user     client                     wire                            service"


def test_a_scenario_that_holds_is_a_test_that_passes(inner: Inner, portal: Path) -> None:
    result = inner("scenarios", "-v")
    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["scenarios/captive_portal.yaml::reference PASSED*"])


def test_a_broken_rule_is_told_in_three_lines_and_a_timeline(inner: Inner, portal: Path) -> None:
    result = inner("scenarios", "--drm-client", FLAWED)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*captive_portal with success_on_captive_portal*",
            "FAIL  captive_portal",
            "[[]1]  STATUS-004  Success is claimed only when it is true",
            "     expected  success only after a whole, usable reply 'granted'",
            "     observed  no such reply came before it",
            f"     {LANES}",
            "[[]1]    0.002 *! captive_portal: not a*",
            "to reproduce: drm-harness run scenarios/captive_portal.yaml --client python:*",
        ]
    )
    assert "Traceback" not in result.stdout.str()


def test_the_summary_names_the_broken_rule(inner: Inner, portal: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    result = inner("scenarios", "--drm-client", FLAWED)
    result.stdout.fnmatch_lines(["FAILED scenarios/*::success_on_captive_portal - STATUS-004 Success is claimed only when*"])


def test_each_client_has_an_item_of_its_own(inner: Inner, portal: Path) -> None:
    result = inner("scenarios", "--drm-client", "reference", "--drm-client", FLAWED, "-v")
    result.assert_outcomes(passed=1, failed=1)


def test_options_may_stand_in_the_configuration(inner: Inner, portal: Path, pytester: pytest.Pytester) -> None:
    pytester.makeini(f"[pytest]\ndrm_client = {FLAWED}")
    inner("scenarios").assert_outcomes(failed=1)


def test_tags_and_operations_are_keywords(inner: Inner, portal: Path) -> None:
    inner("scenarios", "-k", "hotel and license_acquisition").assert_outcomes(passed=1)
    inner("scenarios", "-k", "train").assert_outcomes(deselected=1)


def test_a_wrong_scenario_is_an_error_with_its_place_and_stops_no_other(
    inner: Inner, portal: Path, pytester: pytest.Pytester
) -> None:
    wrong = portal.read_text(encoding="utf-8").replace("captive_portal}", "captive_portl}")
    (portal.parent / "slip.yaml").write_text(wrong, encoding="utf-8")
    result = inner("scenarios", "--continue-on-collection-errors")
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(
        ["scenarios/slip.yaml:6:*: no fault is named 'captive_portl'", "*did you mean 'captive_portal'*"]
    )


def test_a_yaml_file_that_is_none_is_left_alone_unless_it_is_named(inner: Inner, portal: Path) -> None:
    inner("scenarios").assert_outcomes(passed=1)
    result = inner("scenarios/compose.yml")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["scenarios/compose.yml:*"])


def test_what_a_client_does_not_promise_is_skipped_with_the_reason(inner: Inner, portal: Path) -> None:
    portal.write_text(portal.read_text(encoding="utf-8").replace("dialect: clearkey", "dialect: wmdrm"), encoding="utf-8")
    curl = "wire:true {request} {license_url}"
    result = inner("scenarios", "--drm-client", curl, "--drm-profile", "curl_retry", "-rs")
    result.assert_outcomes(skipped=1)
    result.stdout.fnmatch_lines(["SKIPPED*the dialect wmdrm is not in its profile"])


def test_the_seed_and_the_network_are_chosen_by_options(inner: Inner, portal: Path) -> None:
    result = inner("scenarios", "--drm-client", FLAWED, "--drm-seed", "41", "--drm-network", "loopback")
    result.stdout.fnmatch_lines(["client success_on_captive_portal (python) * loopback network * seed 41 *"])


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--drm-client", "stdoi:node x.js"], "*no client or adapter is named 'stdoi'; did you mean 'stdio'?"),
        (["--drm-client", "wire:true {license_url}", "--drm-network", "simulated"], "*use --network loopback"),
        (["--drm-profile", "no_such"], "*no_such*"),
    ],
)
def test_a_slip_in_an_option_is_told_once_and_in_words(inner: Inner, portal: Path, arguments: list[str], said: str) -> None:
    result = inner("scenarios", *arguments)
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: drm-harness: {said}"])


def test_files_about_each_run_are_written_and_named_in_its_properties(
    inner: Inner, portal: Path, pytester: pytest.Pytester
) -> None:
    inner("scenarios", "--drm-client", FLAWED, "--drm-files", "files", "--junit-xml", "junit.xml").assert_outcomes(failed=1)
    own = pytester.path / "files" / "scenarios-captive_portal.yaml-success_on_captive_portal"
    trace = own / "captive_portal.success_on_captive_portal.seed0.jsonl"
    assert '"version"' in trace.read_text(encoding="utf-8").splitlines()[0]
    page = own / "report.html"
    assert "STATUS-004" in page.read_text(encoding="utf-8")
    assert f'name="page" value="{page.relative_to(pytester.path)}"' in (pytester.path / "junit.xml").read_text(encoding="utf-8")
    assert f'name="trace" value="{trace.relative_to(pytester.path)}"' in (pytester.path / "junit.xml").read_text(
        encoding="utf-8"
    )


def test_nothing_is_written_that_nobody_asked_for(inner: Inner, portal: Path, pytester: pytest.Pytester) -> None:
    before = {path for path in pytester.path.rglob("*") if path.is_file()}
    inner("scenarios", "--drm-client", FLAWED)
    assert {path for path in pytester.path.rglob("*") if path.is_file()} == before


def test_scenarios_are_shared_out_by_xdist(portal: Path, pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> None:
    text = portal.read_text(encoding="utf-8")
    for number in range(3):
        (portal.parent / f"portal_{number}.yaml").write_text(text, encoding="utf-8")
    result = pytester.runpytest_subprocess(
        "-p",
        "no:schemathesis",
        "-p",
        "no:cacheprovider",
        "-n",
        "2",
        "scenarios",
        "--drm-client",
        FLAWED,
        "--drm-files",
        "files",
    )
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(["[[]1]  STATUS-004  Success is claimed only when it is true", f"     {LANES}"])
    assert len(list((pytester.path / "files").rglob("*.jsonl"))) == 4


def test_every_scenario_of_the_house_is_recognized_and_nothing_else() -> None:
    assert all(is_scenario(path) for path in find([]))
    others = [*PROFILES.rglob("*.yaml"), *ROOT.glob(".*.yaml"), *ROOT.glob("docs/**/*.yaml"), *ROOT.glob(".github/**/*.yml")]
    assert others
    assert not [path for path in others if is_scenario(path)]


def test_what_makes_a_scenario_is_what_its_model_requires() -> None:
    required = {name for name, field in Scenario.model_fields.items() if field.is_required()}
    assert {name.decode() for name in NECESSARY.findall("\n".join(f"{name}:" for name in required).encode())} == required

"""``drm-harness run``, from words to exit status, over real scenarios in virtual time."""

from __future__ import annotations

from pathlib import Path

import pytest
from junitparser import JUnitXml

from fake_servers.faults.base import FAULTS, LOOPBACK_ONLY
from harness.runner import run
from harness.trace.jsonl import read_trace
from tests.harness.cli.invoking import FLAWED, PORTAL, UNDISTURBED, invoke, json_of


def test_a_run_that_holds_is_one_line_and_writes_nothing(folder: Path) -> None:
    result = invoke("run", UNDISTURBED)
    assert result.exit_code == 0
    assert f"pass            {UNDISTURBED}  seed 0 · " in result.stdout
    assert result.stderr == ""
    assert list(folder.iterdir()) == []


def test_a_broken_rule_is_told_with_its_proof_and_how_to_see_it_again(folder: Path) -> None:
    result = invoke("run", PORTAL, "--client", FLAWED, "--seed", "3")
    assert result.exit_code == 1
    trace = "drm-harness-traces/license_acquisition.captive_portal.success_on_captive_portal.seed3.jsonl"
    assert "STATUS-004" in result.stdout
    assert "! captive_portal: not a" in result.stdout
    assert f"to reproduce: drm-harness run {PORTAL} --client {FLAWED} --seed 3 --network simulated\n" in result.stdout
    assert f"to hand over: {trace}\n" in result.stdout
    assert read_trace(folder / trace).head.client == "success_on_captive_portal"


def test_what_to_reproduce_reproduces_byte_for_byte(folder: Path) -> None:
    told = json_of("run", PORTAL, "--client", FLAWED, "--seed", "3", "--json", exit_status=1)["runs"][0]
    first = Path(told["trace"]).read_bytes()
    words = told["reproduce"].removeprefix("drm-harness ").split()
    assert invoke(*words, "--trace", "again").exit_code == 1
    assert next(Path("again").iterdir()).read_bytes() == first


def test_every_trace_is_written_where_it_is_asked_for(folder: Path) -> None:
    assert invoke("run", UNDISTURBED, PORTAL, "--trace", "a/b").exit_code == 0
    assert sorted(path.name for path in (folder / "a/b").iterdir()) == [
        "license_acquisition.captive_portal.reference.seed0.jsonl",
        "license_acquisition.undisturbed.reference.seed0.jsonl",
    ]


def test_two_scenarios_of_one_name_have_a_trace_each(folder: Path) -> None:
    text = "about: an undisturbed acquisition\noperation: license_acquisition\nexpect: {outcome: succeeded}\n"
    for place in ("a", "b"):
        (folder / place).mkdir()
        (folder / place / "same.yaml").write_text(text)
    assert invoke("run", "a", "b", "--trace", "traces").exit_code == 0
    assert sorted(path.name for path in (folder / "traces").iterdir()) == [
        "same.reference.seed0-2.jsonl",
        "same.reference.seed0.jsonl",
    ]


def test_a_scenario_out_of_reach_is_said_before_the_run_and_shows_nothing_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(FAULTS["captive_portal"], "reach", LOOPBACK_ONLY)
    result = invoke("run", PORTAL)
    assert result.exit_code == 3
    assert "out of reach of the simulated network: the fault captive_portal; use --network loopback" in result.stdout
    beside = invoke("run", PORTAL, UNDISTURBED)
    assert beside.exit_code == 0
    assert beside.stdout.index("not applicable") < beside.stdout.index(f"pass            {UNDISTURBED}")


def test_what_a_profile_does_not_promise_is_not_run() -> None:
    found = json_of("run", PORTAL, "license_backup", "--profile", "curl", "--json")
    assert [run["scenario"] for run in found["runs"]] == [PORTAL]
    assert {one["why"] for one in found["not_applicable"]} == {"license_backup is not in its profile"}


def test_json_is_all_of_standard_output_and_holds_every_verdict() -> None:
    found = json_of("run", UNDISTURBED, "--json")
    (run,) = found["runs"]
    assert (found["ruling"], found["exit_status"], run["network"], run["seed"]) == ("pass", 0, "simulated", 0)
    assert run["judged"] == sum(check["ruling"] in ("pass", "fail") for check in run["checks"]) > 0


def test_a_junit_file_is_written_beside_the_text(folder: Path) -> None:
    assert invoke("run", PORTAL, "--client", FLAWED, "--junit", "out/junit.xml").exit_code == 1
    (suite,) = JUnitXml.fromfile(str(folder / "out/junit.xml"))
    assert (suite.name, suite.failures) == ("success_on_captive_portal", 1)


def test_all_of_a_run_that_held_is_told_on_request() -> None:
    result = invoke("run", UNDISTURBED, "-v")
    assert result.exit_code == 0
    assert "license issued" in result.stdout
    assert "to reproduce:" in result.stdout


def known(folder: Path, check: str, scenario: str = "license_acquisition/*") -> str:
    text = f'expected:\n  - {{scenario: "{scenario}", check: {check}, because: MYPLAYER-17}}\n'
    (folder / "known.yaml").write_text(text)
    return "known.yaml"


def test_an_expected_failure_breaks_nothing_and_writes_nothing(folder: Path) -> None:
    result = invoke("run", PORTAL, "--client", FLAWED, "--expected-failures", known(folder, "STATUS-004"))
    assert result.exit_code == 0
    assert "1 failed as expected" in result.stdout
    assert not (folder / "drm-harness-traces").exists()


def test_an_expected_failure_that_does_not_come_breaks_the_run_and_is_named(folder: Path) -> None:
    result = invoke("run", PORTAL, "--expected-failures", known(folder, "STATUS-004"))
    assert result.exit_code == 1
    text = "unexpected pass: STATUS-004 held for reference in license_acquisition/*; remove it from known.yaml:2:5"
    assert text in result.stdout


def test_an_expected_failure_of_another_scenario_says_nothing_here(folder: Path) -> None:
    result = invoke("run", PORTAL, "--expected-failures", known(folder, "STATUS-004", "license_restore/*"))
    assert result.exit_code == 0
    assert "1 expected failure covers no run here: known.yaml:2:5\n" in result.stdout


def test_what_could_not_be_run_to_its_end_is_an_error_and_the_rest_goes_on(folder: Path) -> None:
    (folder / "threads.py").write_text(
        "import asyncio\n"
        "from harness.client.reference import ReferenceClient\n"
        "class Client(ReferenceClient):\n"
        "    async def start(self, operation):\n"
        "        await asyncio.get_running_loop().run_in_executor(None, print)\n"
    )
    result = invoke("run", UNDISTURBED, PORTAL, "--client", "python:threads.py:Client")
    assert result.exit_code == 2
    assert result.stdout.count("error           license_acquisition/") == 2
    assert result.stderr.count("error: license_acquisition/") == 2


def test_an_interruption_keeps_what_was_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(scenario: object, *rest: object, **options: object) -> object:
        if getattr(scenario, "name", "") == UNDISTURBED:
            raise KeyboardInterrupt
        return run(scenario, *rest, **options)  # type: ignore[arg-type]  # handed on as it came

    monkeypatch.setattr("harness.cli.playing.run", interrupted)
    result = invoke("run", PORTAL, UNDISTURBED)
    assert result.exit_code == 3
    assert f"pass            {PORTAL}" in result.stdout
    assert "interrupted" in result.stdout
    assert json_of("run", PORTAL, UNDISTURBED, "--json", exit_status=3)["interrupted"] is True


def test_another_order_of_what_is_ready_at_once_is_named_where_a_run_is_told() -> None:
    result = invoke("run", PORTAL, "--client", FLAWED, "--interleave", "4")
    assert "simulated network, interleaved by 4 · seed 0" in result.stdout
    assert "--network simulated --interleave 4\n" in result.stdout


@pytest.mark.parametrize(
    ("words", "why"), [(["--network", "loopback"], "needs virtual time"), (["--tier", "model"], "has none")]
)
def test_an_order_that_nobody_can_change_is_refused(words: list[str], why: str) -> None:
    result = invoke("run", PORTAL, "--interleave", "4", *words)
    assert result.exit_code == 2
    assert why in result.stderr


def test_a_tier_says_what_of_the_scenario_it_did_not_heed(folder: Path) -> None:
    text = "about: a shaky line\noperation: license_acquisition\nworld: {jitter: 20 ms}\nexpect: {outcome: succeeded}\n"
    (folder / "shaky.yaml").write_text(text)
    assert "not heeded: jitter of the scenario's world" in invoke("run", "shaky.yaml", "--tier", "model", "-v").stdout
    assert "not heeded" not in invoke("run", "shaky.yaml", "-v").stdout

"""``drm-harness enumerate``: covers what it says, finds what is broken, and writes what it found as a scenario."""

from pathlib import Path

import pytest

from harness.scenario.load import load_scenario
from harness.status.operation import Operation
from tests.harness.cli.invoking import FLAWED, ROOT, invoke, json_of

FEW = "reset_after,status,captive_portal,denied"


@pytest.mark.parametrize("operation", [operation.value for operation in Operation])
def test_every_operation_is_clean_for_the_reference_client_with_all_faults(operation: str) -> None:
    said = json_of("enumerate", "--operation", operation, "--attempts", "1", "--most", "1", "--strength", "1", "--json")
    assert (said["failures"], said["ruling"]) == ([], "pass")
    assert all(space["exhaustive"] is False for space in said["spaces"])
    assert said["played"] >= 39


def test_few_faults_are_enumerated_exhaustively_and_the_table_says_what_was_covered() -> None:
    said = json_of("enumerate", "--operation", "individualization", "--attempts", "2", "--faults", FEW, "--json")
    (space,) = said["spaces"]
    assert (space["sequences"], space["exhaustive"], said["played"]) == (64, True, 64)
    assert {each["fault"] for each in said["coverage"]["faults"]} == set(FEW.split(","))
    assert len({(pair["fault"], pair["then"]) for pair in said["coverage"]["pairs"]}) == 12  # none follows a refusal for good
    taken = {(row["source"], row["trigger"]) for row in said["coverage"]["rows"] if row["taken"]}
    assert ("downloading", "attempt_failed") in taken
    assert ("idle", "start") in taken


def test_more_than_the_limit_is_covered_by_an_array_in_which_every_pair_stands() -> None:
    words = ("enumerate", "--operation", "license_backup", "--attempts", "3", "--faults", "status,denied", "--most", "100")
    said = json_of(*words, "--json")
    (space,) = said["spaces"]
    assert (space["sequences"], space["exhaustive"]) == (216, False)
    assert 36 <= said["played"] < 100
    assert "covering array of strength 2" in invoke(*words).stdout


@pytest.mark.parametrize("tier", ["model", "message", "raw", "wire"])
def test_a_flawed_client_is_found_on_every_tier_and_the_file_plays_it_again(tier: str, folder: Path) -> None:
    words = ("enumerate", "--operation", "license_acquisition", "--attempts", "1", "--faults", "captive_portal,status")
    said = json_of(*words, "--client", FLAWED, "--tier", tier, "--json", exit_status=1)
    failure = next(each for each in said["failures"] if each["check"] == "STATUS-004")
    assert said["ruling"] == "fail"
    assert failure["times"] >= 1
    scenario = load_scenario(folder / failure["scenario"])
    assert [rule.fault.name for rule in scenario.faults] == ["captive_portal"]
    program, *again = failure["command"].split()
    assert program == "drm-harness"
    result = invoke(*again)
    assert result.exit_code == 1, result.output
    assert "STATUS-004" in result.stdout


def test_failures_of_one_kind_are_told_once() -> None:
    words = ("enumerate", "--operation", "license_acquisition", "--attempts", "1", "--faults", "captive_portal,status")
    result = invoke(*words, "--client", FLAWED)
    assert result.exit_code == 1
    assert result.stdout.count("FAIL STATUS-004") == 1
    assert "1 kind of failure" in result.stdout


def test_a_volume_is_only_watched_and_what_stands_out_is_judged_in_full(folder: Path) -> None:
    words = (
        "enumerate",
        "--operation",
        "license_acquisition",
        "--volume",
        "120",
        "--faults",
        "status,reset_after",
        "--seed",
        "3",
    )
    said = json_of(*words, "--json")
    assert (said["played"], said["stood_out"], said["judged"], said["failures"], said["ruling"]) == (120, 0, 1, [], "pass")
    assert 0 < said["played_in_full"] < 120
    assert "120 sequences in" in invoke(*words).stdout
    hasty = json_of(*words, "--client", "python:tests.flawed_clients.retry_without_backoff:Client", "--json", exit_status=1)
    assert hasty["stood_out"] > 10
    assert hasty["judged"] >= hasty["stood_out"]
    failure = next(each for each in hasty["failures"] if each["check"] == "RETRY-006")
    assert load_scenario(folder / failure["scenario"]).seed > 0


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (("--operation", "license_backup", "--volume", "5", "--tier", "wire"), "watches the model tier"),
        (("--operation", "license_backup", "--faults", "reset_afer"), "reset_after"),
        (("--operation", "license_backup", "--client", "stdio:true"), "virtual time"),
        (
            (
                "--operation",
                "license_acquisition",
                "--client",
                f"python:{ROOT / 'tests/flawed_clients/request_hedged.py'}:Client",
            ),
            "its own sender",
        ),
        (("--operation", "renewal"), "license_restore"),
        (("--operation", "license_backup", "--strength", "4"), "1<=x<=3"),
    ],
)
def test_what_cannot_be_done_is_refused_in_words(words: tuple[str, ...], why: str) -> None:
    result = invoke("enumerate", *words)
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert why in result.stderr

"""``drm-harness explore``: what breaks is found, shrunk and written; the same seed plays the same; enough is enough."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.harness.cli.invoking import FLAWED, assert_refused, invoke, json_of

DEAF = """
import json, sys
def say(**message):
    print(json.dumps({"jsonrpc": "2.0", **message}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["method"] == "initialize":
        say(id=message["id"], result={"protocol": 1, "name": "deaf", "version": "1", "capabilities": ["status"]})
        continue
    say(id=message.get("id"), result=None)
    if message["method"] == "start":
        pass
"""
"""A client that hears what it is asked, and does nothing."""

QUICK = ("--examples", "60", "--operation", "license_acquisition")


def test_a_flawed_client_is_found_shrunk_and_written_and_run_plays_the_file_again_on_both_networks(folder: Path) -> None:
    told = json_of("explore", "--client", FLAWED, *QUICK, "-o", "found", "--json", exit_status=1)
    failure = next(each for each in told["failures"] if each["check"] == "STATUS-004")
    assert failure["minimal"] is True
    assert failure["command"] == f"drm-harness run found/license-acquisition-STATUS-004.yaml --client {FLAWED}"
    for network in ("simulated", "loopback"):
        again = json_of("run", failure["scenario"], "--client", FLAWED, "--network", network, "--json", exit_status=1)
        broken = [check["id"] for run in again["runs"] for check in run["checks"] if check["ruling"] == "fail"]
        assert "STATUS-004" in broken


def test_the_reference_client_holds_and_the_coverage_is_told() -> None:
    result = invoke("explore", "--examples", "80", "--operation", "license_backup")
    assert result.exit_code == 0, result.output
    assert "no failure in 80 examples" in result.stdout
    assert "license_backup" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("digest ")


def test_the_same_seed_plays_the_same_scenarios_and_another_does_not() -> None:
    first, again, other = (json_of("explore", *QUICK, "--seed", seed, "--json") for seed in ("3", "3", "4"))
    assert first["digest"] == again["digest"] != other["digest"]
    assert first["coverage"] == again["coverage"]


def test_it_ends_once_enough_is_covered() -> None:
    told = json_of("explore", "--operation", "license_backup", "--until-coverage", "30%", "--json")
    assert told["ended_since"] == "30% was covered"
    assert told["covered"] >= 0.3
    assert told["examples"] < 1_000


def test_it_ends_once_its_time_is_over() -> None:
    told = json_of("explore", "--operation", "license_backup", "--budget", "1s", "--json")
    assert told["ended_since"] == "1 s were over"
    assert told["took_s"] < 5


def test_what_a_program_breaks_is_shrunk_against_the_program_itself(folder: Path) -> None:
    deaf = folder / "deaf.py"
    deaf.write_text(DEAF)
    told = json_of(
        *("explore", "--client", f"stdio:{sys.executable} {deaf}", "--operation", "license_acquisition"),
        *("--examples", "1", "--shrink", "12", "--tries", "1", "--budget", "20s", "--json"),
        exit_status=1,
    )
    assert (told["network"], told["tier"], told["examples"]) == ("loopback", "wire", 1)
    failure = next(each for each in told["failures"] if each["check"] == "STATUS-003")
    assert failure["broke"] == {"times": 1, "of": 1}
    assert all("STATUS-003" in checks for checks in told["played_first"]["regressed"].values())
    assert len(told["played_first"]["regressed"]) == told["played_first"]["regressions"] > 0
    assert "fault" not in Path(failure["scenario"]).read_text()


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("explore_no_share", ["--until-coverage", "most"]),
        ("explore_no_duration", ["--budget", "60"]),
        ("explore_unknown_fault", ["--faults", "reset_aftr"]),
    ],
)
def test_what_cannot_be_done_is_said_beforehand(name: str, words: list[str]) -> None:
    assert_refused(name, "explore", *words)

"""``drm-harness check``: a saved trace gets the verdicts that its run had; anything else is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path

from tests.harness.cli.invoking import FLAWED, PORTAL, UNDISTURBED, assert_refused, invoke, json_of


def test_a_saved_trace_is_judged_as_its_run_was() -> None:
    ran = json_of("run", PORTAL, UNDISTURBED, "--client", FLAWED, "--trace", "traces", "--json", exit_status=1)
    checked = json_of("check", "traces", "--json", exit_status=1)
    assert [run["checks"] for run in checked["runs"]] == [run["checks"] for run in ran["runs"]]
    assert (checked["ruling"], checked["runs"][0]["reproduce"]) == ("fail", None)


def test_the_report_of_a_saved_trace_has_its_timeline() -> None:
    invoke("run", PORTAL, "--client", FLAWED, "--trace", "traces")
    result = invoke("check", "traces")
    assert result.exit_code == 1
    assert "! captive_portal: not a" in result.stdout
    assert "to reproduce" not in result.stdout


def test_a_trace_that_breaks_off_is_inconclusive(folder: Path) -> None:
    invoke("run", UNDISTURBED, "--trace", "traces")
    (file,) = (folder / "traces").iterdir()
    file.write_text("\n".join(file.read_text().splitlines()[:-1]))
    result = invoke("check", str(file))
    assert result.exit_code == 3
    assert "inconclusive: the trace breaks off before the end of the run" in result.stdout


def test_a_trace_from_elsewhere_cannot_steer_the_terminal(folder: Path) -> None:
    invoke("run", PORTAL, "--client", FLAWED, "--trace", "traces")
    (file,) = (folder / "traces").iterdir()
    head, _, entries = file.read_text().partition("\n")
    told = json.loads(head)
    told |= {"client": "\x1b[2J", "adapter": "\x1b[2J", "network": "\x1b[2J", "version": "\x1b[2J"}
    told["scenario"] |= {"name": "\x1b[2J", "about": "a cleared \x1b[2J screen"}
    file.write_text(json.dumps(told) + "\n" + entries)
    for words in (["check", str(file)], ["check", str(file), "-v"]):
        result = invoke(*words)
        assert result.exit_code == 1
        assert "\x1b" not in result.output


def test_a_file_that_is_no_trace_is_refused(folder: Path) -> None:
    (folder / "notes.txt").write_text("shopping: milk\n")
    assert_refused("check_no_trace", "check", "notes.txt")


def test_a_trace_with_a_torn_line_is_refused_with_the_line(folder: Path) -> None:
    invoke("run", UNDISTURBED, "--trace", "traces")
    (file,) = (folder / "traces").iterdir()
    lines = file.read_text().splitlines()
    (folder / "torn.jsonl").write_text("\n".join([*lines[:3], lines[3][:9], *lines[4:]]))
    result = invoke("check", "torn.jsonl")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("error: torn.jsonl:4: not JSON")


def test_a_folder_without_traces_is_refused(folder: Path) -> None:
    (folder / "empty").mkdir()
    assert_refused("check_empty_folder", "check", "empty")


def test_a_missing_file_is_refused() -> None:
    assert_refused("check_missing", "check", "gone.jsonl")

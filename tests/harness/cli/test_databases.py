"""``explore --database``: what broke once is kept, and played first; in a folder, in Redis, in both."""

from __future__ import annotations

import json
import socket
from pathlib import Path

import pytest

from harness.cli.databases import without_password
from tests.harness.cli.invoking import FLAWED, invoke, json_of
from tests.redis_server import running_redis

FAULTS = ("--operation", "license_acquisition", "--faults", "captive_portal")
SEARCH = ("explore", *FAULTS, "--examples", "8", "-o", "found", "--json")
BARELY = ("explore", *FAULTS, "--examples", "1", "-o", "found", "--json")


def portal(told: dict[str, list[dict[str, object]]]) -> dict[str, object]:
    """The failure of the client that takes a login page for a license."""
    return next(each for each in told["failures"] if each["check"] == "STATUS-004")


def test_a_failure_is_kept_and_played_first_the_next_time(folder: Path) -> None:
    first = json_of(*SEARCH, "--client", FLAWED, "--database", "known", exit_status=1)
    again = json_of(*BARELY, "--client", FLAWED, "--database", "known", exit_status=1)
    assert (first["played_first"]["kept"], again["played_first"]["kept"]) == (0, len(first["failures"]))
    assert (portal(first)["known_before"], portal(again)["known_before"]) == (False, True)
    assert portal(again)["sentence"] == portal(first)["sentence"]
    played = json_of("run", str(portal(again)["scenario"]), "--client", FLAWED, "--json", exit_status=1)
    assert any(check["id"] == "STATUS-004" and check["ruling"] == "fail" for check in played["runs"][0]["checks"])


def test_what_is_mended_is_forgotten(folder: Path) -> None:
    mended = folder / "mended.py"
    mended.write_text(
        "from harness.client.reference import ReferenceClient\n"
        "class Client(ReferenceClient):\n"
        "    profile = ReferenceClient.profile.model_copy(update={'name': 'success_on_captive_portal'})\n"
    )
    json_of(*SEARCH, "--client", FLAWED, "--database", "known", exit_status=1)
    first, again = (json_of(*BARELY, "--client", f"python:{mended}:Client", "--database", "known") for _ in range(2))
    assert first["played_first"]["forgotten"] == first["played_first"]["kept"] > 0
    assert again["played_first"]["kept"] == 0


def test_regressions_of_the_library_are_played_first_without_any_database(folder: Path) -> None:
    told = json.loads(invoke("explore", "--operation", "license_acquisition", "--examples", "1", "--json").stdout)
    assert told["played_first"]["regressions"] >= 3
    assert told["examples"] == 1


def test_what_was_found_before_changes_nothing_of_the_search(folder: Path) -> None:
    without = json_of(*SEARCH, "--client", FLAWED, exit_status=1)
    json_of(*SEARCH, "--client", FLAWED, "--database", "known", exit_status=1)
    again = json_of(*SEARCH, "--client", FLAWED, "--database", "known", exit_status=1)
    assert again["digest"] == without["digest"]
    assert portal(again)["times"] == portal(without)["times"]


def test_a_redis_shares_failures_between_machines_and_a_folder_keeps_a_copy(folder: Path) -> None:
    with running_redis(folder) as redis:
        json_of(*SEARCH, "--client", FLAWED, "--database", redis, exit_status=1)
        told = json_of(*BARELY, "--client", FLAWED, "--database", redis, "--database", "copy", exit_status=1)
        assert portal(told)["known_before"]
        assert not told["database_trouble"]
    told = json_of(*BARELY, "--client", FLAWED, "--database", "copy", exit_status=1)
    assert portal(told)["known_before"]


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (
            "postgres://known",
            "--database postgres://…: nothing is known of postgres; give a folder or redis://HOST:PORT/NUMBER",
        ),
        ("redis://127.0.0.1:port/0", "write redis://HOST:PORT/NUMBER"),
        ("file.txt", "--database file.txt: this is a file; give a folder, which is made if it is not there"),
    ],
)
def test_a_place_that_is_none_is_refused_before_anything_is_played(folder: Path, place: str, said: str) -> None:
    (folder / "file.txt").touch()
    result = invoke("explore", "--examples", "1", "--database", place)
    assert (result.exit_code, result.stdout) == (2, "")
    assert said in result.stderr


def test_a_redis_that_is_not_there_is_told_in_words_and_without_its_password() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    result = invoke("explore", "--examples", "1", "--database", f"redis://:secret@127.0.0.1:{port}/0")
    assert result.exit_code == 2
    assert f"--database redis://:…@127.0.0.1:{port}/0: no Redis answers there" in result.stderr
    assert "is it running? redis-cli -u" in result.stderr
    assert "secret" not in result.stderr


def test_only_a_password_is_hidden() -> None:
    assert without_password("redis://10.0.0.7:6379/1") == "redis://10.0.0.7:6379/1"

"""``doctor``: a newcomer's client, and what is said to be missing and to be done."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from harness.adapters.diagnosis import DIAGNOSES, Finding, State, diagnosed, diagnosis
from harness.adapters.registry import ADAPTERS
from harness.errors import AdapterError, DeclarationError
from tests.harness.cli.invoking import ROOT, invoke, json_of

BAD = ROOT / "tests/harness/adapters/bad_clients"
CURL = "wire:curl --silent --max-time 4 {more} --json @{{request_file}} --output {{reply_file}} {{license_url}}"

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def findings_of(spec: str, exit_status: int = 0) -> dict[str, dict[str, str]]:
    """What it finds, by what it looked at."""
    told = json_of("doctor", "--client", spec, "--json", exit_status=exit_status)
    assert told["ready"] is (exit_status == 0)
    return {finding["what"]: finding for finding in told["findings"]}


def test_the_reference_client_is_ready_and_the_next_command_is_named() -> None:
    result = invoke("doctor")
    assert result.exit_code == 0, result.output
    assert "\nready\nnext: drm-harness run tag:smoke\n" in result.stdout
    assert "missing" not in result.stdout


def test_the_json_says_the_same() -> None:
    told = json_of("doctor", "--json")
    assert (told["client"], told["ready"]) == ("reference", True)
    assert {finding["state"] for finding in told["findings"]} == {"fine"}


@pytest.mark.parametrize(
    ("spec", "found", "to_do"),
    [
        ("pyton:x:Y", "no client or adapter is named 'pyton'", "did you mean 'python'?"),
        ("python:nowhere.py:Client", "there is no file nowhere.py", "ask again"),
        ("stdio:no-such-program client.js", "there is no program 'no-such-program'", "ask again"),
        (f"stdio:{sys.executable} nowhere.py", "there is no file nowhere.py", "name it from here"),
        ("wire:true {license_ur}", "there is no placeholder {license_ur}", "did you mean {license_url}?"),
        ("wire:true", "the command never mentions {license_url}", "put it where the address"),
        ("wire:true {license_url}", "it never connected to the license service", "point it at {license_url}"),
        ("browser:no-such-player", "no page plays 'no-such-player'", "there are"),
    ],
)
def test_what_is_missing_is_said_with_what_to_do(spec: str, found: str, to_do: str) -> None:
    *_, last = findings_of(spec, exit_status=1).values()
    assert last["state"] == "wrong"
    assert found in last["found"]
    assert to_do in last["to_do"]


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("class Client:\n    def __init__(self, port): ...\n", "calling it failed"),
        ("class Client:\n    def start(self): ...\n", "Client has no initialize, respond, retry, cancel, rights, shutdown"),
        ("Client = 3\n", "is 3"),
        ("import no_such_module\n", "no_such_module"),
    ],
)
def test_an_object_that_is_no_client_is_told_what_it_lacks(source: str, found: str, folder: Path) -> None:
    Path("mine.py").write_text(source, encoding="utf-8")
    *_, last = findings_of(f"python:{folder / 'mine.py'}:Client", exit_status=1).values()
    assert (last["state"], found in last["found"]) == ("wrong", True), last


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("hangs.py", "it hung"),
        ("babbles.py", "it printed what is no message"),
        ("dies_at_once.py", "its program ended"),
    ],
)
def test_a_program_that_fails_the_handshake_is_told_how(name: str, found: str) -> None:
    *_, last = findings_of(f"stdio:{sys.executable} {BAD / name}", exit_status=1).values()
    assert last["state"] == "wrong"
    assert found in last["found"]
    assert last["to_do"]


def test_a_program_that_babbles_and_ends_is_told_first_what_it_printed(folder: Path) -> None:
    (folder / "babbles.sh").write_text("echo hello there\n")
    *_, last = findings_of("stdio:sh babbles.sh", exit_status=1).values()
    assert (
        "it printed what is no message: no JSON: expected value at line 1 column 1: hello there; its program ended"
        in last["found"]
    )


def test_the_example_program_is_introduced_by_its_handshake() -> None:
    found = findings_of(f"stdio:{sys.executable} {ROOT / 'docs/examples/stdio_client.py'}")
    assert found["handshake"]["found"] == "it is stdio_client 1.0, and speaks version 1 of the protocol"
    assert "profile --infer" in found["profile"]["to_do"]
    assert found["TLS"]["state"] == "fine"


@needs_curl
def test_curl_without_fail_is_told_that_it_takes_a_refusal_for_success() -> None:
    assert findings_of(CURL.format(more=""))["a refusal"]["to_do"] == "let it say that it failed; of curl: --fail"
    assert (
        findings_of(CURL.format(more="--fail --cacert {{ca_file}}").replace("{{", "{").replace("}}", "}"))["a refusal"]["state"]
        == "fine"
    )


def test_every_adapter_of_the_house_has_a_diagnosis() -> None:
    assert set(ADAPTERS) <= set(DIAGNOSES)


def test_an_adapter_brings_its_own_diagnosis_and_an_error_of_it_is_a_finding() -> None:
    @diagnosis("a-test-adapter")
    def diagnose(argument: str):  # type: ignore[no-untyped-def]  # as a third party may write it
        yield Finding(State.FINE, "the plug", "it is in")
        raise AdapterError("the lamp is dark; switch it on")

    assert list(diagnosed("a-test-adapter", "x")) == [
        Finding(State.FINE, "the plug", "it is in"),
        Finding(State.WRONG, "the client", "the lamp is dark", "switch it on"),
    ]
    with pytest.raises(DeclarationError):
        diagnosis("a-test-adapter")(lambda argument: iter(()))

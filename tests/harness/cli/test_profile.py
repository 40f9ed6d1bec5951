"""``profile --infer``: what is printed, written and answered; and what is said of a client that cannot be measured."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from harness.scenario.load import load_profile
from tests.harness.cli.invoking import ROOT, invoke, json_of

LINEAR = f"python:{ROOT}/tests/correct_clients/linear_backoff.py:Client"
PROGRAMS = ROOT / "tests/harness/probe/programs"

needs_curl = pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")


def program(name: str) -> str:
    return f"stdio:{sys.executable} {PROGRAMS / name}"


def test_the_profile_is_printed_and_can_be_given_to_run(folder: Path) -> None:
    printed = invoke("profile", "--infer", "--client", LINEAR)
    assert (printed.exit_code, printed.stderr) == (0, "")
    Path("mine.yaml").write_text(printed.stdout, encoding="utf-8")
    found = load_profile(Path("mine.yaml")).retry
    assert found is not None
    assert (found.attempts, found.base, found.step, found.factor, found.jitter) == (6, 2.0, 2.0, 1.0, 0.0)
    ran = invoke("run", "license_acquisition/unavailable_for_good", "--client", LINEAR, "--profile", "mine.yaml")
    assert ran.exit_code == 0, ran.output


def test_a_file_is_written_and_summed_up(folder: Path) -> None:
    written = invoke("profile", "--infer", "--client", LINEAR, "-o", "mine.yaml", "--name", "mine")
    assert written.exit_code == 0
    assert written.stdout.startswith("mine.yaml: ")
    assert "high" in written.stdout
    assert load_profile(Path("mine.yaml")).name == "mine"


def test_the_json_has_values_and_evidence() -> None:
    told = json_of("profile", "--infer", "--client", LINEAR, "--json")
    assert told["client"] == LINEAR
    by_key = {each["key"]: each for each in told["measured"]}
    assert (by_key["retry.step"]["value"], by_key["retry.step"]["confidence"]) == ("2 s", "high")
    assert by_key["retry.step"]["evidence"][0]["probe"] == "always_unavailable"
    assert by_key["statuses"]["value"]["not_retried"] == ["400", "401", "403", "404"]


def test_a_client_that_does_not_say_what_it_promises_is_measured_all_the_same(folder: Path) -> None:
    Path("mine.py").write_text(
        "from harness.client.reference import ReferenceClient\n"
        "from harness.operations.retry import RetryPolicy\n"
        "from harness.scenario.profile import Profile\n"
        "class Client:\n"
        "    def __init__(self):\n"
        "        self._inner = ReferenceClient()\n"
        "        self._inner.profile = Profile(name='inner', retry=RetryPolicy(attempts=3, base=2.0, jitter=0.0))\n"
        "    def __getattr__(self, name):\n"
        "        if name == 'profile':\n"
        "            raise AttributeError(name)\n"
        "        return getattr(self._inner, name)\n",
        encoding="utf-8",
    )
    refused = invoke("run", "license_acquisition/undisturbed", "--client", "python:mine.py:Client")
    assert "drm-harness profile --infer --client python:mine.py:Client" in refused.stderr
    told = json_of("profile", "--infer", "--client", "python:mine.py:Client", "--json")
    retry = told["profile"]["retry"]
    assert (retry["attempts"], retry["base"], retry["factor"]) == (3, "2 s", 2.0)
    assert told["profile"]["name"] == "mine"


def test_without_infer_it_says_what_to_say() -> None:
    result = invoke("profile", "--client", "reference")
    assert result.exit_code == 2
    assert "--infer" in result.stderr


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("hangs.py", ("it hung: start was not answered",)),
        ("babbles.py", ("it printed what is no message", "write to standard output nothing but messages")),
        ("dies_in_start.py", ("its program ended",)),
    ],
)
def test_a_program_that_hangs_babbles_or_dies_gets_a_message_and_no_profile(name: str, words: tuple[str, ...]) -> None:
    spec = f"stdio:{sys.executable} {ROOT / 'tests/harness/adapters/bad_clients' / name}"
    result = invoke("profile", "--infer", "--client", spec, "-o", "mine.yaml")
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert all(each in result.stderr for each in words), result.stderr
    assert not Path("mine.yaml").exists()


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("exit 0", "it never connected to the license service"),
        ("curl -s {license_url} -o /dev/null; exit 0", "the service could not read its request"),
        ("exit 7", "it never connected to the license service (exit status 7)"),
    ],
)
@needs_curl
def test_a_command_that_gets_no_license_on_a_calm_day_is_not_measured(body: str, words: str) -> None:
    result = invoke("profile", "--infer", "--client", f"wire:sh -c '{body}'")
    assert (result.exit_code, result.stdout) == (2, ""), result.output
    assert words in result.stderr


def test_a_client_that_lies_is_measured_on_the_wire_and_its_lies_are_told() -> None:
    """It says that it waits a minute and that all is well; in fact it waits two seconds, and there is no license."""
    told = json_of("profile", "--infer", "--client", f"python:{PROGRAMS / 'liar.py'}:Client", "--json")
    assert (told["profile"]["retry"]["attempts"], told["profile"]["retry"]["base"]) == (3, "2 s")
    assert any(warning.startswith("it reports success although it got no license, in always_") for warning in told["warnings"])
    assert any("announces pauses of 60" in warning for warning in told["warnings"])


def test_what_the_budget_does_not_reach_is_said_and_not_guessed() -> None:
    told = json_of("profile", "--infer", "--client", LINEAR, "--budget", "0 s", "--json")
    assert told["profile"]["retry"]["attempts"] == 100
    by_key = {each["key"]: each for each in told["measured"]}
    assert by_key["retry.attempts"]["confidence"] == "none"
    assert any("the time allowed for measuring was used up" in warning for warning in told["warnings"])
    json.dumps(told)

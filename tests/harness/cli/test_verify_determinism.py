"""``drm-harness run --verify-determinism``: a client that brings chance or time of its own is found out."""

from __future__ import annotations

from pathlib import Path

import pytest

from harness.tiers.tier import TIERS
from tests.harness.cli.invoking import FLAWED, PORTAL, UNDISTURBED, invoke, json_of

BEGINNING = """\
from dataclasses import replace
from random import Random
from time import time_ns
from uuid import uuid4
from harness.client.reference import ReferenceClient

class Client(ReferenceClient):
    async def initialize(self, setup):
"""

# fmt: off
CULPRITS = {
    "an unseeded pause": "replace(setup, rng=Random())",
    "the wall clock":    "replace(setup, report=lambda told: setup.report(told.model_copy(update={'text': str(time_ns())})))",
    "an id at random":   "replace(setup, report=lambda told: setup.report(told.model_copy(update={'text': uuid4().hex})))",
}
FOUND_IN = {
    "an unseeded pause": "what.status.retry_in_s",
    "the wall clock":    "what.status.text",
    "an id at random":   "what.status.text",
}
# fmt: on


def client(folder: Path, setup: str) -> str:
    """The spec of a client that is the reference client but for what it makes of its setup."""
    (folder / "culprit.py").write_text(f"{BEGINNING}        await super().initialize({setup})\n")
    return "python:culprit.py:Client"


@pytest.mark.parametrize("culprit", CULPRITS)
def test_a_client_with_chance_or_time_of_its_own_is_found_out(folder: Path, culprit: str) -> None:
    result = invoke("run", PORTAL, "--client", client(folder, CULPRITS[culprit]), "--verify-determinism")
    assert result.exit_code == 1
    told, first, second, hint = result.stderr.splitlines()
    assert told.startswith(f"not repeatable: {PORTAL} with culprit, seed 0: entry ")
    assert FOUND_IN[culprit] in told
    assert first.startswith('  first:  {"at":')
    assert second.startswith('  second: {"at":')
    assert first.split(maxsplit=1)[1] != second.split(maxsplit=1)[1]
    assert "Setup (rng, epoch_s)" in hint
    assert "pass " in result.stdout  # what it did was right; it only cannot be repeated


def test_a_client_that_keeps_a_count_over_runs_is_found_out(folder: Path) -> None:
    lines = BEGINNING.replace("class Client", "COUNT = [0]\n\nclass Client")
    (folder / "culprit.py").write_text(
        f"{lines}        COUNT[0] += 1\n"
        "        if COUNT[0] > 1:\n            raise SystemError('only once')\n        await super().initialize(setup)\n"
    )
    result = invoke("run", UNDISTURBED, "--client", "python:culprit.py:Client", "--verify-determinism")
    assert result.exit_code == 1
    assert "only once" in result.stderr


def test_a_client_on_the_world_s_dice_and_clock_is_confirmed() -> None:
    result = invoke("run", PORTAL, UNDISTURBED, "--verify-determinism", "--seed", "5")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout.endswith("2 runs played twice: equal, byte for byte\n")


@pytest.mark.parametrize("tier", TIERS)
def test_the_second_run_is_of_the_same_tier(tier: str) -> None:
    result = invoke("run", PORTAL, "--verify-determinism", "--tier", tier)
    assert (result.exit_code, result.stderr) == (0, "")


def test_a_broken_rule_is_still_what_the_command_answers() -> None:
    result = invoke("run", PORTAL, "--client", FLAWED, "--verify-determinism")
    assert result.exit_code == 1
    assert "1 run played twice: equal, byte for byte" in result.stdout


def test_standard_output_stays_json() -> None:
    assert json_of("run", UNDISTURBED, "--verify-determinism", "--json")["exit_status"] == 0


@pytest.mark.parametrize("words", [("--network", "loopback"), ("--client", "stdio:true")])
def test_it_is_refused_in_real_time(words: tuple[str, ...]) -> None:
    result = invoke("run", UNDISTURBED, "--verify-determinism", *words)
    assert result.exit_code == 2
    assert "--verify-determinism needs the simulated network: in real time no two runs are the same" in result.stderr

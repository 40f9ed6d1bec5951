"""The clients in the documentation run as they are printed there, and hold what they promise."""

from __future__ import annotations

import re
import shlex
import sys
from pathlib import Path
from typing import Any

import pytest

from fake_servers.faults.base import Presentation
from fake_servers.faults.script import Rule
from harness.adapters.registry import client_from
from harness.operations.retry import RetryPolicy
from harness.runner import Run, run
from harness.scenario.load import load_profile
from harness.scenario.model import Do, Expectation, Moment, Outcome, Scenario, UserAction, WorldSettings
from harness.scenario.profile import Profile
from harness.status.operation import Operation
from harness.status.phase import Phase
from harness.status.reason import HONEST_REASONS, Reason
from harness.trace.trace import status_of
from tests.harness.adapters.conftest import ROOT

pytestmark = pytest.mark.usefixtures("nothing_is_left")

GUIDE = ROOT / "docs" / "client-protocol.md"
EXAMPLE = ROOT / "docs" / "examples" / "stdio_client.py"


def scenario(outcome: str, *faults: dict[str, Any], user: tuple[UserAction, ...] = (), **given: Any) -> Scenario:
    return Scenario(
        about="A client of the documentation gets a license.",
        operation=Operation.LICENSE_ACQUISITION,
        dialect="clearkey",
        world=WorldSettings(observe=0.1, limit=30.0),
        given=given,
        faults=tuple(Rule.model_validate(fault) for fault in faults),
        user=user,
        expect=Expectation(outcome=Outcome(outcome)),
    )


def license_fault(nth: int, name: str, **parameters: Any) -> dict[str, Any]:
    return {"when": {"exchange": "license", "nth": nth}, "fault": name, **parameters}


def played(words: list[str], profile: Profile, situation: Scenario) -> Run:
    make = client_from(f"stdio:{shlex.join(words)}", profile)
    return run(situation, make, client_name="example", adapter="stdio", network="loopback")


def phases_of(played: Run) -> list[str]:
    return [str(status_of(entry).phase) for entry in played.trace.statuses]


def assert_holds(played: Run) -> None:
    worse = {v.check.id: v.finding for v in played.verdicts if v.ruling.value not in ("pass", "not applicable")}
    assert not worse
    assert sum(verdict.ruling.value == "pass" for verdict in played.verdicts) >= 10  # it was judged at all


@pytest.mark.parametrize(
    ("situation", "phases"),
    [
        (scenario("succeeded"), ["started", "connecting", "installing", "succeeded"]),
        (
            scenario("succeeded", license_fault(1, "retry_after", status=503, retry_after="1 s")),
            ["started", "connecting", "retry_scheduled", "retrying", "installing", "succeeded"],
        ),
        (scenario("failed", license_fault(1, "denied")), ["started", "connecting", "failed"]),
        (
            scenario(
                "succeeded",
                license_fault(1, "wrong_key"),
                user=(UserAction(when=Moment.RETRY_OFFERED, do=Do.RETRY, after=0.01),),
            ),
            ["started", "connecting", "failed", "retrying", "connecting", "installing", "succeeded"],
        ),
        (
            scenario(
                "cancelled",
                license_fault(1, "stall_after", after_bytes="0 bytes", stall="1 min"),
                user=(UserAction(at=0.3, do=Do.CANCEL),),
            ),
            ["started", "connecting", "cancelled"],
        ),
        (
            scenario("declined", user=(UserAction(when=Phase.CONSENT_NEEDED, do=Do.REFUSE),), url_trust="tampered"),
            ["started", "consent_needed", "declined"],
        ),
    ],
    ids=["undisturbed", "asked to come back", "denied", "wrong key", "cancelled", "declined"],
)
def test_the_example_keeps_its_profile(situation: Scenario, phases: list[str]) -> None:
    done = played([sys.executable, str(EXAMPLE)], load_profile(EXAMPLE.with_suffix(".profile.yaml")), situation)
    assert phases_of(done) == phases
    assert_holds(done)


def thirty_lines() -> str:
    found = re.search(r"```python\n(.*?)```", GUIDE.read_text(), re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.parametrize("faults", [[], [license_fault(1, "captive_portal")], [license_fault(1, "status", status=500)]])
def test_the_client_of_thirty_lines_is_honest_as_it_stands(faults: list[dict[str, Any]], tmp_path: Path) -> None:
    file = tmp_path / "thirty.py"
    file.write_text(thirty_lines())
    promises = Profile(
        name="thirty-lines",
        phases=(Phase.STARTED, Phase.CONNECTING, Phase.RETRYING),
        retry=RetryPolicy(attempts=1),
        reports_attempts=False,
        reports_progress=False,
    )
    retry = UserAction(when=Moment.RETRY_OFFERED, do=Do.RETRY)
    done = played([sys.executable, str(file)], promises, scenario("succeeded", *faults, user=(retry,)))
    assert phases_of(done)[-1] == "succeeded"
    assert_holds(done)


def test_thirty_lines_are_about_thirty() -> None:
    assert len([line for line in thirty_lines().splitlines() if line]) <= 32


def test_the_example_is_short_and_leans_on_the_standard_library_only() -> None:
    assert len(EXAMPLE.read_text().splitlines()) < 150
    imported = {
        name
        for file in (EXAMPLE, EXAMPLE.with_name("clearkey_service.py"))
        for name in re.findall(r"^(?:from|import) (\w+)", file.read_text(), re.MULTILINE)
    }
    assert imported - sys.stdlib_module_names == {"clearkey_service"}


@pytest.mark.parametrize("keys", [Profile.model_fields, RetryPolicy.model_fields])
def test_the_guide_explains_every_key_of_a_profile(keys: dict[str, Any]) -> None:
    explained = re.findall(r"^\| (.*?) \|", GUIDE.read_text(), re.MULTILINE)
    named = {word for cell in explained for word in re.findall(r"`(\w+)`", cell)}
    assert set(keys) - named == set()


def clear_key_replies() -> list[list[str]]:
    """Rows of the guide's table on what a Clear Key reply means: what is in backticks, cell by cell."""
    section = GUIDE.read_text().partition("### What a Clear Key reply means")[2].partition("\n## ")[0]
    rows = re.findall(r"^\| (.*) \|$", section, re.MULTILINE)[2:]
    return [[" ".join(re.findall(r"`(\w+)`", cell)) for cell in row.split(" | ")] for row in rows]


def test_the_guide_names_reasons_that_there_are() -> None:
    named = {word for row in clear_key_replies() for word in row[1].split() if word != "the same word"}
    assert named - set(Reason) - set(Phase) == set()
    assert len(named) > 10


def test_the_guide_says_what_each_fault_that_a_clear_key_client_meets_may_be_called() -> None:
    """An author who goes by the table is never accused: for each way a fault presents itself, an honest word stands there."""
    named = {word for row in clear_key_replies() for cell in row for word in cell.split()}
    beyond = {Presentation.HARMLESS, Presentation.RESTORE_LIMIT, Presentation.BACKUP_CORRUPT, Presentation.STALE_NONCE}
    missing = [shown for shown in Presentation if shown not in beyond and not HONEST_REASONS[shown] & named]
    assert missing == []

"""State machines: five lines of a client's author find a bug, write its file, and accuse nobody who is honest."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from fake_servers.faults.base import FAULTS
from fake_servers.services.decision import Exchange
from harness.checks.registry import Ruling
from harness.client.reference import ReferenceClient
from harness.explore.grounds import GROUNDS
from harness.explore.growing import GrowingRun
from harness.explore.state_machine import FOLDER, OperationMachine
from harness.runner import run
from harness.scenario.load import load_scenario
from harness.scenario.model import Do
from harness.status.operation import Operation
from tests.flawed_clients import cancel_unacknowledged, no_retry_offered, success_on_captive_portal

QUICKLY = settings(
    max_examples=40,
    stateful_step_count=8,
    derandomize=True,
    database=None,
    deadline=None,
    phases=[Phase.generate, Phase.shrink],
    suppress_health_check=list(HealthCheck),
)


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(FOLDER, str(tmp_path))
    return tmp_path


class Stops(OperationMachine):
    client = cancel_unacknowledged.Client
    operation = Operation.LICENSE_REVOCATION
    tier = "model"


class Portals(OperationMachine):
    client = success_on_captive_portal.Client
    operation = "license_acquisition"
    faults = ("captive_portal",)
    tier = "model"


class Offers(OperationMachine):
    client = no_retry_offered.Client
    operation = "license_backup"
    tier = "model"


@pytest.mark.parametrize(
    ("machine", "checks"),
    [
        (Stops, {"STATUS-003", "STATUS-006", "STATUS-009", "EXPECT-001"}),
        (Portals, {"STATUS-004"}),
        (Offers, {"RETRY-001", "STATUS-012"}),
    ],
)
def test_a_flawed_client_is_found_and_its_file_plays_it_again(
    machine: type[OperationMachine], checks: set[str], folder: Path
) -> None:
    with pytest.raises(AssertionError, match="drm-harness run") as caught:
        run_state_machine_as_test(machine, settings=QUICKLY)
    check = str(caught.value).split()[0]
    assert check in checks
    (file,) = folder.glob(f"*{check}.yaml")
    scenario = load_scenario(file)
    assert scenario.about.endswith(f"{check} is broken.")
    for tier in ("model", "wire"):
        again = run(scenario, machine.client, client_name="c", adapter="python", network="simulated", tier=tier)
        assert check in {verdict.check.id for verdict in again.verdicts if verdict.ruling is Ruling.FAILED}


@pytest.mark.parametrize("operation", Operation)
def test_the_reference_client_holds_whatever_happens(operation: Operation) -> None:
    machine = type("Reference", (OperationMachine,), {"client": ReferenceClient, "operation": operation, "tier": "model"})
    run_state_machine_as_test(machine, settings=settings(QUICKLY, max_examples=12))


def test_what_a_user_can_do_follows_from_the_table_and_from_what_was_said() -> None:
    playing = GrowingRun(GROUNDS["silent"], ReferenceClient, tier="model")
    playing.disturb(Exchange.LICENSE, FAULTS["denied"]())
    assert playing.may == {Do.CANCEL}
    playing.pass_time(60.0)
    assert playing.said[-1].phase == "failed"
    assert playing.may <= {Do.RETRY}
    asking = GrowingRun(GROUNDS["consented"], ReferenceClient, tier="model")
    asking.pass_time(1.0)
    assert asking.may == {Do.CONSENT, Do.REFUSE, Do.CANCEL}


def test_a_fault_meets_the_next_request_and_what_came_before_stays_as_it_was() -> None:
    playing = GrowingRun(GROUNDS["with a page"], ReferenceClient, tier="model")
    playing.pass_time_until_a_word()
    playing.pass_time(7.0)
    before = playing.said
    playing.disturb(Exchange.MONITOR, FAULTS["status"].model_validate({"status": 503}))
    assert playing.said == before
    (rule,) = playing.scenario.faults
    assert rule.when.nths[0] > 1
    assert playing.run.trace.end is not None
    assert playing.run.trace.end.fates == ("fired",)

"""Another order of what is ready at the same moment: an honest client stays honest, and a race comes to light."""

import asyncio

import pytest

from harness.checks.registry import Ruling
from harness.client.reference import ReferenceClient
from harness.errors import WorldError
from harness.runner.run import Run, run
from harness.scenario.model import Scenario
from harness.status.message import StatusMessage
from harness.trace.jsonl import line_of
from tests.suite.playing import SIMULATED, MakesClient, problems

ORDERS = range(3)


class SaysEachStatusInATaskOfItsOwn(ReferenceClient):
    """Rests on tasks being run in the order in which they were made."""

    def _tell(self, status: StatusMessage) -> None:
        self.telling = asyncio.create_task(self._say(status))

    async def _say(self, status: StatusMessage) -> None:
        super()._tell(status)


def interleaved(scenario: Scenario, client: MakesClient, order: int | None) -> Run:
    return run(scenario, client, client_name="client", adapter="python", network="simulated", interleave=order)


@pytest.mark.parametrize("order", ORDERS)
def test_the_reference_client_passes_the_whole_library_in_any_order(order: int) -> None:
    assert problems((scenario, interleaved(scenario, ReferenceClient, order)) for scenario in SIMULATED) == []


def test_the_same_order_gives_the_same_bytes_and_the_trace_names_it() -> None:
    first, second = (interleaved(SIMULATED[0], ReferenceClient, 7).trace for _ in range(2))
    assert first.head.interleave == 7
    assert line_of(first.head) == line_of(second.head)
    assert [line_of(entry) for entry in first.entries] == [line_of(entry) for entry in second.entries]


def test_a_client_that_rests_on_the_order_of_tasks_is_found_out_by_another_order() -> None:
    scenario = next(one for one in SIMULATED if one.name == "license_acquisition/first_tries_fail")

    def failed(order: int | None) -> set[str]:
        verdicts = interleaved(scenario, SaysEachStatusInATaskOfItsOwn, order).verdicts
        return {verdict.check.id for verdict in verdicts if verdict.ruling is Ruling.FAILED}

    assert failed(None) == set()
    assert any(failed(order) for order in range(10))


def test_what_has_no_event_loop_of_ours_cannot_be_interleaved() -> None:
    scenario = SIMULATED[0]
    with pytest.raises(WorldError, match="kernel decides"):
        run(scenario, ReferenceClient, client_name="c", adapter="python", network="loopback", interleave=1)
    with pytest.raises(WorldError, match="no event loop"):
        run(scenario, ReferenceClient, client_name="c", adapter="python", network="simulated", tier="model", interleave=1)

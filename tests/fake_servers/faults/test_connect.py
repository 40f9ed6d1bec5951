"""Connect faults: what becomes of a new connection, and what the client can tell of it."""

import pytest

from fake_servers.faults.base import BOTH_NETWORKS, ConnectFault, ConnectPlan, Presentation
from fake_servers.faults.connect import AcceptSilence, Refused, ResetOnAccept


@pytest.mark.parametrize(
    ("fault", "plan", "presentation"),
    [
        (Refused(), ConnectPlan.REFUSE, Presentation.CONNECTION_REFUSED),
        (AcceptSilence(), ConnectPlan.SILENCE, Presentation.SILENCE),
        (ResetOnAccept(), ConnectPlan.RESET, Presentation.CONNECTION_LOST),
    ],
)
def test_a_connect_fault_plans_one_fate_on_both_networks(
    fault: ConnectFault, plan: ConnectPlan, presentation: Presentation
) -> None:
    assert (fault.on_connect(), fault.presents_as(), fault.reach) == (plan, presentation, BOTH_NETWORKS)

"""Nobody answers the knock."""

from typing import ClassVar

from fake_servers.engine.real_sockets import CAN_BE_DEAF
from fake_servers.faults.base import BOTH_NETWORKS, SIMULATED_ONLY, ConnectFault, ConnectPlan, Network, Presentation, fault


@fault("connect_timeout")
class ConnectTimeout(ConnectFault):
    """Nobody answers whoever wants to connect, as behind a firewall that drops: no refusal, no word at all.

    The client's own system knocks again and again, from a second later on, and gives up after two minutes, long after any
    client that sets itself a limit. The service hears nothing and does nothing. On real sockets the port drops what arrives
    (Linux only). Addressed by ``{service, from, for}`` only: a server never hears of a connection that did not come to be.
    """

    reach: ClassVar[frozenset[Network]] = BOTH_NETWORKS if CAN_BE_DEAF else SIMULATED_ONLY

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.DROP

    def presents_as(self) -> Presentation:
        return Presentation.SILENCE

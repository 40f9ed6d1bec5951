"""The knock is answered late."""

from typing import ClassVar

from fake_servers.engine.real_sockets import CAN_BE_DEAF
from fake_servers.faults.base import BOTH_NETWORKS, SIMULATED_ONLY, ConnectFault, ConnectPlan, Network, Presentation, fault


@fault("slow_connect")
class SlowConnect(ConnectFault):
    """A connection is long in coming: the server is too busy to answer the first knocks, and answers a later one.

    As ``connect_timeout``, for a window so short that clients get in: their systems knock again a second after the first
    time, and then at distances that depend on the kernel; the first knock after the window's end is answered. So a window of
    half a second makes a client that knocks at its beginning wait for a whole one. Addressed by ``{service, from, for}`` only;
    on real sockets on Linux only.
    """

    reach: ClassVar[frozenset[Network]] = BOTH_NETWORKS if CAN_BE_DEAF else SIMULATED_ONLY

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.DROP

    def presents_as(self) -> Presentation:
        return Presentation.SLOW

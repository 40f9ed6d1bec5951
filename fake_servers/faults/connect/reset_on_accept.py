"""Accepted, then reset."""

from fake_servers.faults.base import ConnectFault, ConnectPlan, Presentation, fault


@fault("reset_on_accept")
class ResetOnAccept(ConnectFault):
    """The connection is accepted and reset (RST) at once, as by an overloaded balancer.

    The client meets a reset on its first read or write; over TLS in the handshake. The service reads nothing and does
    nothing.
    """

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.RESET

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST

"""Accepted, then never a byte."""

from fake_servers.faults.base import ConnectFault, ConnectPlan, Presentation, fault


@fault("accept_silence")
class AcceptSilence(ConnectFault):
    """The connection is accepted and then never answered: no byte, no close, as behind a firewall that lost its state.

    The client meets silence until its own patience ends; over TLS already in the handshake. The service reads nothing and
    does nothing.
    """

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.SILENCE

    def presents_as(self) -> Presentation:
        return Presentation.SILENCE

"""Nobody listens."""

from fake_servers.faults.base import ConnectFault, ConnectPlan, Presentation, fault


@fault("refused")
class Refused(ConnectFault):
    """Nobody listens on the service's port for a while: each connect attempt is refused at once.

    The service hears nothing and does nothing. Since a server cannot see whom it refused, this fault is addressed by
    ``{service, from, for}`` only, never by connection.
    """

    def on_connect(self) -> ConnectPlan:
        return ConnectPlan.REFUSE

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_REFUSED

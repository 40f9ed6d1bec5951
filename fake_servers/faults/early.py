"""What faults plan that act before a request is read."""

from __future__ import annotations

from fake_servers.faults.base import Connect, ConnectFault, ConnectPlan, Fault, Handshake, TlsFault


def plan_of(fault: Fault) -> Connect | Handshake | None:
    """What it does to a connection or a handshake; None for a fault of a later moment."""
    if isinstance(fault, ConnectFault):
        return fault.on_connect()
    return fault.handshake() if isinstance(fault, TlsFault) else None


def refuses(fault: Fault) -> bool:
    """Whether nobody listens while it lasts."""
    return plan_of(fault) is ConnectPlan.REFUSE


def shuts_the_port(fault: Fault) -> bool:
    """Whether no connection comes to be while it lasts, so that there is none to be counted."""
    return plan_of(fault) in (ConnectPlan.REFUSE, ConnectPlan.DROP)

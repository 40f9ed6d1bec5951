"""What an answer of the control API may ask: the day's sessions and log, since when, and how other machines are let in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from fake_servers.control.calls import Call, Reply
from fake_servers.control.log import Log
from fake_servers.control.roster import Library, Roster


class Day(Protocol):
    """Services that are up all day.

    Attributes:
        began_s: On the event loop's clock.
        ca_pem: What a client has to trust; empty if the certificate is not one of ours.
        document: The OpenAPI document.
        has_shared_port: Sessions may share a port; ``shared_tls`` says whether it speaks TLS.
        heartbeat_s: A follower of the events hears something at least so often.
        identity: Tells this day's events from another's.
        is_over: No event will follow.
        is_ready: Requests are taken.
        must_tls: Other machines can come, so every session speaks TLS.
        stuck_s: A follower that takes nothing for so long is let go.
    """

    began_s: float
    began_epoch_s: float
    ca_pem: bytes
    document: dict[str, Any]
    has_shared_port: bool
    shared_tls: bool
    heartbeat_s: float
    identity: str
    is_over: bool
    is_ready: bool
    library: Library
    log: Log
    must_tls: bool
    roster: Roster
    stuck_s: float

    @property
    def up_s(self) -> float: ...


Answers = Callable[[Day, Call], Awaitable[Reply]]
"""Answers one kind of call."""

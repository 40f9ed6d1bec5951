"""Which sign stands for which entry in a timeline's lanes. The signs themselves are drawn once, in ``glyphs.html.jinja``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from fake_servers.journal import ConnectionClosed, ReplySent
from harness.trace.entry import StatusReported

SIGNS: dict[str, str | Callable[[Any], str]] = {
    "user_acted": "act",
    "status_reported": lambda what: _said(what),
    "outcome_claimed": "settle",
    "rights_held": "note",
    "client_noted": "note",
    "device_changed": "device",
    "run_ended": "end",
    "listener_changed": "listener",
    "listener_deaf": "listener",
    "connection_refused": "refused",
    "connection_opened": "open",
    "handshake_failed": "refused",
    "request_received": "ask",
    "reply_sent": lambda what: _replied(what),
    "connection_closed": lambda what: _closed(what),
    "fault_fired": "fault",
    "truth_changed": "truth",
    "upstream_answered": "truth",
}
"""Kind of entry to its sign; a test holds it against every kind there is."""


def sign(what: Any) -> str:
    """The name of an entry's sign."""
    found = SIGNS[what.kind]
    return found if isinstance(found, str) else found(what)


def _said(what: StatusReported) -> str:
    return "settle" if what.status.settles else "say"


def _replied(what: ReplySent) -> str:
    return "answer" if what.complete else "cut" if what.sent_bytes else "silence"


def _closed(what: ConnectionClosed) -> str:
    return "close-client" if what.by == "client" else "close-server"

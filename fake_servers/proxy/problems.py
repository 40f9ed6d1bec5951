"""What a proxy says in its own name: problem details (RFC 9457), readable by a page of any origin."""

from __future__ import annotations

import json

from fake_servers.engine.http_head import PHRASES
from fake_servers.engine.http_reply import with_cors
from fake_servers.faults.base import Reply


def problem(status: int, detail: str) -> Reply:
    """A reply that says what went wrong, and whose doing it was."""
    told = {"type": "about:blank", "title": PHRASES[status], "status": status, "detail": detail}
    return with_cors(Reply(status, {"Content-Type": "application/problem+json"}, json.dumps(told).encode()))

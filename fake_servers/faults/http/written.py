"""Writes the service's own reply otherwise than any honest server writes it."""

from __future__ import annotations

from collections.abc import Mapping

from fake_servers.engine.http_date import http_date
from fake_servers.engine.http_head import OURS, head_of
from fake_servers.faults.base import HttpContext, Reply


def written(reply: Reply, context: HttpContext, fields: Mapping[str, str], body: bytes) -> bytes:
    """The reply's status and headers, framed by ``fields`` alone, and this body. The connection is said to end, by default."""
    own = {name: value for name, value in reply.headers.items() if name.lower() not in OURS}
    return head_of(reply.status, {**own, "Date": http_date(context.epoch_s), "Connection": "close", **fields}) + body

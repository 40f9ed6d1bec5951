"""Replies as bytes, and what of a head may be told in a journal.

The fake servers write their heads themselves: the Date comes from the session's clock, no version of any software is told,
and a fault meets every reply, an error's too, as one run of bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

from fake_servers.engine.http_date import http_date, retry_after_s
from fake_servers.engine.http_head import OURS, head_of
from fake_servers.faults.base import RawReply, Reply

# A page of any origin may read every reply, an error's too, and may see when to come back.
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

CREDENTIALS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}
SHOWN_HEADERS = 32
SHOWN_CHARACTERS = 200

KEPT_BYTES = 4096
"""Longer bodies are not worth the memory of being kept."""

_STATUS_LINE = re.compile(rb"HTTP/\d\.\d (\d{3})[ \r\n]")


class Outgoing(NamedTuple):
    """A reply as it shall leave, and what its head says.

    Attributes:
        data: Head and body.
        status: None if the first line is no status line.
        headers: Those of the head that a journal may show.
        body_bytes: What the head announces.
        well_formed: Whether ``data`` is a reply at all, before any fault on its bytes.
    """

    data: bytes
    status: int | None
    headers: dict[str, str]
    retry_after_s: float | None
    body_bytes: int
    well_formed: bool = True

    def status_after(self, sent_bytes: int) -> int | None:
        """The status, if the line that says it is among the first ``sent_bytes``."""
        if sent_bytes >= len(self.data):
            return self.status
        line_bytes = self.data.find(b"\n") + 1 or len(self.data)
        return self.status if 0 < line_bytes <= sent_bytes else None


def with_cors(reply: Reply) -> Reply:
    """``reply`` readable by a page of any origin."""
    return Reply(reply.status, {**CORS, **reply.headers}, reply.body)


def json_reply(status: int, reason: str) -> Reply:
    """An error in the fake server's own words."""
    return with_cors(Reply(status, {"Content-Type": "application/json"}, json.dumps({"error": reason}).encode()))


def outgoing(reply: Reply, *, epoch_s: float, keep_alive: bool, head_only: bool = False) -> Outgoing:
    """The bytes of a well-formed reply: length, date and fate of the connection are told here, and by nobody else.

    Args:
        epoch_s: The moment of serving, for Date and for what Retry-After means.
        keep_alive: False announces that the connection ends after this reply.
        head_only: The request was HEAD.

    Raises:
        ValueError: A header holds a control character.
    """
    write = _write_once if len(reply.body) <= KEPT_BYTES else _write
    out = write(reply.status, tuple(reply.headers.items()), reply.body, http_date(epoch_s), keep_alive, head_only)
    if "retry-after" in out.headers:
        return out._replace(retry_after_s=retry_after_s(out.headers["retry-after"], epoch_s))
    return out


def _write(
    status: int, headers: tuple[tuple[str, str], ...], body: bytes, date: str, keep_alive: bool, head_only: bool
) -> Outgoing:
    has_body = status >= 200 and status not in (204, 304)
    fields = {name: value for name, value in headers if name.lower() not in OURS}
    fields["Connection"] = "keep-alive" if keep_alive else "close"
    if has_body:
        fields["Content-Length"] = str(len(body))
    fields["Date"] = date
    head = head_of(status, fields)
    return Outgoing(
        data=head + body if has_body and not head_only else head,
        status=status,
        headers=shown_headers(fields),
        retry_after_s=None,
        body_bytes=len(body) if has_body else 0,
    )


_write_once = lru_cache(maxsize=64)(_write)  # within a second, a service mostly says the same to everybody


def outgoing_raw(reply: RawReply, *, epoch_s: float) -> Outgoing:
    """Bytes as they stand; what is told of them is what they hold, or else what can be read in their head."""
    if reply.holds is not None:
        return _holding(reply.data, reply.holds, epoch_s)
    head, _, body = reply.data.partition(b"\r\n\r\n")
    status = _STATUS_LINE.match(head + b"\n")
    fields = (line.partition(":") for line in head.decode("latin-1").split("\r\n")[1:])
    shown = shown_headers({name: value.strip() for name, colon, value in fields if colon})
    announced = shown.get("content-length", "")
    return Outgoing(
        data=reply.data,
        status=int(status[1]) if status else None,
        headers=shown,
        retry_after_s=retry_after_s(shown["retry-after"], epoch_s) if "retry-after" in shown else None,
        body_bytes=int(announced) if announced.isdecimal() and announced.isascii() else len(body),
        well_formed=False,
    )


def _holding(data: bytes, held: Reply, epoch_s: float) -> Outgoing:
    shown = shown_headers(held.headers)
    return Outgoing(
        data=data,
        status=held.status,
        headers=shown,
        retry_after_s=retry_after_s(shown["retry-after"], epoch_s) if "retry-after" in shown else None,
        body_bytes=len(held.body),
    )


def shown_headers(headers: Mapping[str, str]) -> dict[str, str]:
    """Headers fit for a journal: lower case, the first 32, values cut at 200 characters, none that carries credentials."""
    shown: dict[str, str] = {}
    for name, value in headers.items():
        lower = name.lower()
        if lower not in CREDENTIALS:
            shown[lower] = value[:SHOWN_CHARACTERS]
            if len(shown) == SHOWN_HEADERS:
                break
    return shown

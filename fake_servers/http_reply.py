"""Replies as bytes, and what of a head may be told in a journal.

The fake servers write their heads themselves: the Date comes from the session's clock, no version of any software is told,
and a fault meets every reply, an error's too, as one run of bytes.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus

from fake_servers.faults.base import RawReply, Reply
from fake_servers.http_date import http_date, retry_after_s

PHRASES = {known.value: known.phrase for known in HTTPStatus}

# A page of any origin may read every reply, an error's too, and may see when to come back.
CORS = {"Access-Control-Allow-Origin": "*", "Access-Control-Expose-Headers": "Retry-After"}

CREDENTIALS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}
SHOWN_HEADERS = 32
SHOWN_CHARACTERS = 200

_FORBIDDEN = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_STATUS_LINE = re.compile(rb"HTTP/\d\.\d (\d{3})[ \r\n]")


@dataclass(frozen=True, slots=True)
class Outgoing:
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
        line_bytes = self.data.find(b"\n") + 1 or len(self.data)
        return self.status if 0 < line_bytes <= sent_bytes else None


def with_cors(reply: Reply) -> Reply:
    """``reply`` readable by a page of any origin."""
    return replace(reply, headers={**CORS, **reply.headers})


def json_reply(status: int, reason: str) -> Reply:
    """An error in the fake server's own words."""
    return with_cors(Reply(status, {"Content-Type": "application/json"}, json.dumps({"error": reason}).encode()))


def outgoing(reply: Reply, *, epoch_s: float, keep_alive: bool, head_only: bool = False) -> Outgoing:
    """The bytes of a well-formed reply.

    Args:
        epoch_s: The moment of serving, for Date and for what Retry-After means.
        keep_alive: False announces that the connection ends after this reply.
        head_only: The request was HEAD.

    Raises:
        ValueError: A header holds a control character.
    """
    headers = dict(reply.headers)
    names = {name.lower() for name in headers}
    has_body = reply.status >= 200 and reply.status not in (204, 304)
    if has_body and "content-length" not in names:
        headers["Content-Length"] = str(len(reply.body))
    if "date" not in names:
        headers["Date"] = http_date(epoch_s)
    headers["Connection"] = "keep-alive" if keep_alive else "close"
    lines = [f"HTTP/1.1 {reply.status} {PHRASES.get(reply.status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    if any(map(_FORBIDDEN.search, lines)):
        raise ValueError(f"a header of the reply holds a control character: {headers!r}")
    head = ("\r\n".join(lines) + "\r\n\r\n").encode()
    shown = shown_headers(headers)
    return Outgoing(
        data=head + reply.body if has_body and not head_only else head,
        status=reply.status,
        headers=shown,
        retry_after_s=retry_after_s(shown["retry-after"], epoch_s) if "retry-after" in shown else None,
        body_bytes=len(reply.body) if has_body else 0,
    )


def outgoing_raw(reply: RawReply, *, epoch_s: float) -> Outgoing:
    """Bytes as they stand; of their head is told what can be read in it."""
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

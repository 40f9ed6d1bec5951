"""Asks a Clear Key license service once, and says in the harness's words what went wrong. Standard library only.

W3C Encrypted Media Extensions, "License Request Format" and "License Format" of Clear Key, over one HTTP POST.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import socket
import ssl
from email.utils import parsedate_to_datetime
from http.client import HTTPException, HTTPResponse, IncompleteRead
from urllib.parse import urlsplit

LARGEST_REPLY = 1_000_000

# The first that fits: subclasses stand above their bases.
REASON_OF_ERROR: tuple[tuple[type[Exception], str], ...] = (
    (TimeoutError, "timed_out"),
    (socket.gaierror, "name_not_resolved"),
    (ssl.SSLCertVerificationError, "tls_untrusted"),
    (ssl.SSLError, "tls_failed"),
    (ConnectionRefusedError, "connection_refused"),
    (OSError, "connection_lost"),
    (IncompleteRead, "connection_lost"),
    (HTTPException, "unreadable_reply"),
    (ValueError, "unreadable_reply"),  # no JSON, no base64, no number
    (LookupError, "unreadable_reply"),  # nothing in it where the license should be
    (TypeError, "unreadable_reply"),
    (AttributeError, "unreadable_reply"),
)
REASON_OF_REFUSAL = {
    "denied": "license_denied",
    "device_revoked": "device_revoked",
    "license_expired": "license_expired",
    "maintenance": "maintenance",
    "malformed": "request_refused",
    "needs_individualization": "needs_individualization",
    "page_required": "interaction_required",
    "quota_used_up": "quota_used_up",
}


class Trouble(Exception):  # noqa: N818 - what went wrong with an attempt is no error of this program
    """An attempt that did not work: why, and how long the service asks us to stay away."""

    def __init__(self, reason: str, retry_after_s: float = 0.0) -> None:
        super().__init__(reason)
        self.reason, self.retry_after_s = reason, retry_after_s


def key_id(content: str) -> str:
    """A content goes by its name; this is how the harness makes a key id of it."""
    return base64.urlsafe_b64encode(hashlib.sha256(b"kid:" + content.encode()).digest()[:16]).rstrip(b"=").decode()


async def ask_for_key(url: str, ca_file: str | None, content: str, key_check: str, now_s: float, limit_s: float) -> bytes:
    """The content's key.

    Raises:
        Trouble: Anything else. If cancelled, the connection is closed at once.
    """
    body = json.dumps({"kids": [key_id(content)], "type": "temporary"}).encode()
    try:
        async with asyncio.timeout(limit_s):  # the whole attempt, however slowly the reply drips in
            reply = parsed(await post(url, body, ca_file))
        return key_in(reply, reply.read(), key_id(content), key_check, now_s)
    except tuple(kind for kind, _ in REASON_OF_ERROR) as error:
        raise Trouble(next(reason for kind, reason in REASON_OF_ERROR if isinstance(error, kind))) from error


async def post(url: str, body: bytes, ca_file: str | None) -> bytes:
    """The reply as it came, at most ``LARGEST_REPLY`` bytes of it."""
    at = urlsplit(url)
    tls = ssl.create_default_context(cafile=ca_file) if at.scheme == "https" else None
    reader, writer = await asyncio.open_connection(at.hostname, at.port, ssl=tls)
    try:
        target = at._replace(scheme="", netloc="").geturl() or "/"
        head = (f"POST {target} HTTP/1.1", f"Host: {at.netloc}", "Content-Type: application/json", "Connection: close")
        writer.write("\r\n".join([*head, f"Content-Length: {len(body)}", "", ""]).encode() + body)
        raw = b""
        while piece := await reader.read(65_536):
            raw += piece
            if len(raw) > LARGEST_REPLY:
                raise Trouble("reply_too_large")
        return raw
    finally:
        writer.transport.abort()


def parsed(raw: bytes) -> HTTPResponse:
    """The bytes as HTTP; http.client reads from anything that can make a file."""

    class Received:
        def makefile(self, mode: str) -> io.BytesIO:
            return io.BytesIO(raw)

    reply = HTTPResponse(Received())  # type: ignore[arg-type] # all that it needs of a socket
    reply.begin()
    return reply


def key_in(reply: HTTPResponse, body: bytes, kid: str, key_check: str, now_s: float) -> bytes:
    """The key in a reply that grants it, if it is the right one."""
    is_json = reply.headers.get_content_type() == "application/json"
    refusal = json.loads(body).get("error") if is_json and reply.status >= 400 else None
    if refusal in REASON_OF_REFUSAL:
        raise Trouble(REASON_OF_REFUSAL[refusal], retry_after_s(reply, now_s))
    if reply.status == 429:
        raise Trouble("rate_limited", retry_after_s(reply, now_s))
    if reply.status >= 500 or reply.status in (408, 425):
        raise Trouble("service_unavailable", retry_after_s(reply, now_s))
    if reply.status >= 300:
        raise Trouble("request_refused" if reply.status >= 400 else "too_many_redirects")
    if not is_json:
        raise Trouble("unreadable_reply")  # a hotel's login page, say
    keys = {key["kid"]: base64.urlsafe_b64decode(key["k"] + "==") for key in json.loads(body)["keys"]}
    if hashlib.sha256(keys[kid]).hexdigest()[:16] != key_check:
        raise Trouble("license_unusable")
    return keys[kid]


def retry_after_s(reply: HTTPResponse, now_s: float) -> float:
    """Seconds of a Retry-After in either form (RFC 9110, 10.2.3); junk counts as absent."""
    text = reply.headers.get("Retry-After", "").strip()
    if text.isdecimal():
        return float(text)
    try:
        return max(0.0, parsedate_to_datetime(text).timestamp() - now_s)
    except ValueError:
        return 0.0

"""Heads on their way through (RFC 9110, 7.6): all headers in their order and case, but those of one connection alone."""

from __future__ import annotations

from collections.abc import Sequence

from fake_servers.proxy.reply_reading import Head

Fields = Sequence[tuple[bytes, bytes]]

HOP_BY_HOP = frozenset({b"connection", b"keep-alive", b"proxy-connection", b"te", b"transfer-encoding", b"upgrade"})
NEVER_DROPPED = frozenset({b"content-length", b"host"})
"""A ``Connection`` that names these would break the message; both are written anew where they have to be."""

VIA = (b"Via", b"1.1 drm-harness")
SESSION = b"x-session"
"""Names a session on a shared port; the upstream does not get it."""


def request_head(method: str, target: str, headers: Fields, *, host: str, is_chunked: bool) -> bytes:
    """What an upstream is asked: the client's request, with the upstream's Host and a Via."""
    fields: list[tuple[bytes, bytes]] = []
    for name, value in _end_to_end(headers, keeps_coding=is_chunked):
        lower = name.lower()
        if lower == b"host":
            fields.append((name, host.encode()))
        elif lower == b"max-forwards" and method in ("OPTIONS", "TRACE") and value.isdigit():
            fields.append((name, str(max(0, int(value) - 1)).encode()))
        elif lower != SESSION:
            fields.append((name, value))
    if not any(name.lower() == b"host" for name, _ in fields):  # a client of HTTP/1.0
        fields.insert(0, (b"Host", host.encode()))
    first = f"{method} {target} HTTP/1.1".encode("utf-8", "surrogateescape")
    return _head(first, [*fields, VIA])


def ends_here(method: str, headers: Fields) -> bool:
    """Whether a request has been forwarded often enough (RFC 9110, 7.6.2)."""
    forwards = [value for name, value in headers if name.lower() == b"max-forwards"]
    return method in ("OPTIONS", "TRACE") and forwards[:1] == [b"0"]


def reply_head(head: Head, *, keep_alive: bool, keeps_coding: bool) -> bytes:
    """What a client is answered: the upstream's reply, with this connection's own fate.

    Args:
        keeps_coding: The body passes as it is coded for transfer, in chunks for one.
    """
    fields = [*_end_to_end(head.headers, keeps_coding=keeps_coding), (b"Connection", b"keep-alive" if keep_alive else b"close")]
    return _head(b"HTTP/1.1 %d %s" % (head.status, head.reason), fields)


def informational(head: Head) -> bytes:
    """A reply before the reply (1xx)."""
    return _head(b"HTTP/1.1 %d %s" % (head.status, head.reason), _end_to_end(head.headers, keeps_coding=False))


def _end_to_end(headers: Fields, *, keeps_coding: bool) -> list[tuple[bytes, bytes]]:
    """Headers without those of the connection that they came on; a body's length is told in one way only."""
    named = {
        token.strip().lower() for name, value in headers if name.lower() == b"connection" for token in value.split(b",")
    } - NEVER_DROPPED
    is_chunked = any(name.lower() == b"transfer-encoding" for name, _ in headers)
    dropped = HOP_BY_HOP | named | ({b"content-length"} if is_chunked else set())
    return [
        (name, value)
        for name, value in headers
        if name.lower() not in dropped or (keeps_coding and name.lower() == b"transfer-encoding")
    ]


def _head(first: bytes, fields: Fields) -> bytes:
    return b"".join((first, b"\r\n", *(b"%s: %s\r\n" % field for field in fields), b"\r\n"))

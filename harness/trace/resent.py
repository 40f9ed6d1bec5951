"""Which requests a browser sent again by itself, so that nobody blames the player in it.

Chromium repeats a request, POST included, when a connection that had carried an earlier request is reset or closed before the
head of a reply is whole, or answers 408: it takes it for a connection that had been idle for too long. It does so at once, on
another connection, and tells the page nothing. A player's own repetition comes after its pause, or after a reply that the page
could see, or after the failure of a connection that was new. Source: Chromium, net/http/http_network_transaction.cc; measured.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from fake_servers.journal import ConnectionClosed, ReplySent, RequestReceived
from harness.trace.entry import Entry

AT_ONCE_S = 0.25
"""From the end of the connection to the repetition. The browser takes a few milliseconds; this allows for a busy machine. No
player but one that makes no pause at all comes back so soon."""

TIMED_OUT_IDLE = 408


def superseded(entries: Iterable[Entry]) -> dict[int, int]:
    """Number of each request that a browser sent again by itself, to the number of the request that took its place."""
    carried: dict[int, int] = {}  # connection to how many requests it has carried
    reused: dict[int, bool] = {}  # request to whether its connection had carried another before
    asked: dict[str, list[tuple[Entry, RequestReceived]]] = {}
    replies: dict[int, ReplySent] = {}
    over: dict[int, float] = {}
    for entry in entries:
        match entry.what:
            case RequestReceived() as request:
                reused[request.request] = request.connection in carried
                carried[request.connection] = carried.get(request.connection, 0) + 1
                asked.setdefault(request.exchange, []).append((entry, request))
            case ReplySent() as reply:
                replies[reply.request] = reply
                over[reply.request] = entry.at
            case ConnectionClosed(open_request=int(number)):
                over[number] = entry.at
    return {
        first.request: again.request
        for requests in asked.values()
        for (_, first), (at, again) in pairwise(requests)
        if reused[first.request]
        and again.connection != first.connection
        and _went_unheard(replies.get(first.request))
        and (over_s := over.get(first.request)) is not None
        and at.at - over_s <= AT_ONCE_S
    }


def _went_unheard(reply: ReplySent | None) -> bool:
    """Whether no whole head of a reply left the server, or one that says 408."""
    if reply is None or reply.status is None or reply.status == TIMED_OUT_IDLE:
        return True
    return not reply.complete and reply.sent_bytes < _head_bytes(reply)


def _head_bytes(reply: ReplySent) -> int:
    """Length of the head, as far as the journal tells it: the least that the status line and the headers take."""
    return len("HTTP/1.1 200 \r\n\r\n") + sum(len(name) + len(": \r\n") + len(value) for name, value in reply.headers.items())

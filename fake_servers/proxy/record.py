"""What a session's journal is told of one request that is passed on, each thing once and in its order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from aiohttp import web

from fake_servers.engine.http_date import retry_after_s
from fake_servers.engine.http_reply import Outgoing
from fake_servers.engine.ledger import Asked, Connection, Ledger
from fake_servers.engine.stream_playback import StreamPlayback
from fake_servers.proxy.conversation import Conversation
from fake_servers.proxy.intake import Intake
from fake_servers.proxy.reply_reading import Head
from fake_servers.proxy.telling import shown_headers, shown_path

ANSWER = "http"
"""No more than the status is known of an answer that nobody reads."""


@dataclass(slots=True, eq=False)
class Said:
    """A reply as it leaves.

    Attributes:
        first_line_bytes: Once so many are out, its status is known.
        total_bytes: Head and body; None if only the end of the upstream's tells.
    """

    status: int | None
    headers: dict[str, str]
    retry_after_s: float | None
    first_line_bytes: int
    total_bytes: int | None
    body_bytes: int
    is_well_formed: bool = True


def said_by_upstream(head: Head, data: bytes, body_bytes: int | None, epoch_s: float) -> Said:
    """The upstream's reply, of which ``data`` is the head."""
    return Said(
        status=head.status,
        headers=shown_headers(head.headers),
        retry_after_s=_retry_after(head, epoch_s),
        first_line_bytes=data.index(b"\n") + 1,
        total_bytes=None if body_bytes is None else len(data) + body_bytes,
        body_bytes=body_bytes or 0,
    )


def said_by_proxy(out: Outgoing) -> Said:
    """A reply of a fault, or of the proxy's own."""
    return Said(
        status=out.status,
        headers=shown_headers(raw(out.headers)),
        retry_after_s=out.retry_after_s,
        first_line_bytes=out.data.find(b"\n") + 1 or len(out.data),
        total_bytes=len(out.data),
        body_bytes=out.body_bytes,
        is_well_formed=out.well_formed,
    )


def raw(headers: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    """Headers as they stand in a head."""
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def _retry_after(head: Head, epoch_s: float) -> float | None:
    values = head.values(b"retry-after")
    return retry_after_s(values[0].decode("latin-1"), epoch_s) if values else None


class Record:
    """Of one request.

    Attributes:
        asked: Its number, once its head was understood.
    """

    asked: Asked

    def __init__(self, ledger: Ledger, request: web.BaseRequest, target: str, intake: Intake) -> None:
        self._ledger = ledger
        self._request, self._target, self._intake = request, target, intake
        self._has_begun = self._has_request = self._has_reply = False

    def begin(self, connection: Connection, service: str, exchange: str) -> None:
        """Number it."""
        self.asked = self._ledger.request_begun(connection, service, exchange)
        self._has_begun = True

    def request(self, problem: str | None = None) -> None:
        """It is here, as far as it will be."""
        if self._has_request or not self._has_begun:
            return
        self._has_request = True
        intake = self._intake
        self._ledger.request_whole(
            self.asked,
            method=self._request.method[:40],
            path=shown_path(self._target),
            headers=shown_headers(self._request.raw_headers),
            body_bytes=intake.body_bytes,
            fields={"body_sha256": intake.digest.hexdigest()} if intake.body_bytes else {},
            problem=problem,
        )

    def upstream(self, conversation: Conversation, problem: str | None = None) -> None:
        """The upstream has said all that it will say."""
        self._ledger.upstream_answered(
            self.asked,
            status=conversation.head.status if conversation.head is not None else None,
            body_bytes=conversation.body_bytes,
            body_sha256=conversation.digest.hexdigest() if conversation.body_bytes else "",
            took_s=conversation.took_s,
            problem=problem,
        )

    def reply(self, said: Said, playback: StreamPlayback, *, is_whole: bool) -> None:
        """No byte more of the reply will go out; ``is_whole`` says that there are none."""
        self._has_reply = True
        sent = playback.sent_bytes
        self._ledger.reply_over(
            self.asked,
            status=said.status if sent >= said.first_line_bytes else None,
            answer=ANSWER,
            headers=said.headers,
            retry_after_s=said.retry_after_s,
            sent_bytes=sent,
            body_bytes=said.body_bytes,
            is_complete=is_whole and playback.is_whole and said.is_well_formed,
            is_over=is_whole or (said.total_bytes is not None and sent >= said.total_bytes),
        )

    def no_reply(self) -> None:
        """The connection went away before anything was said."""
        if self._has_reply or not self._has_begun:
            return
        self._has_reply = True
        self._ledger.reply_over(
            self.asked,
            status=None,
            answer=ANSWER,
            headers={},
            retry_after_s=None,
            sent_bytes=0,
            body_bytes=0,
            is_complete=False,
            is_over=False,
        )

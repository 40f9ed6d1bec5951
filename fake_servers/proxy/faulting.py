"""The faults of a script on a request whose service is somebody else's: the same hooks as on our own services."""

from __future__ import annotations

from collections.abc import Sequence

from fake_servers.engine.desk import Met, only
from fake_servers.engine.http_reply import with_cors
from fake_servers.engine.ledger import Asked
from fake_servers.engine.player import Link
from fake_servers.faults.base import ByteFault, HttpContext, HttpFault, RawReply, Reply
from fake_servers.proxy.reply_reading import Head
from fake_servers.proxy.session import ProxySession
from fake_servers.services.decision import Exchange


class Faulting:
    """The faults that one request meets.

    Args:
        url: The request's, as the client sees it.
    """

    def __init__(self, session: ProxySession, asked: Asked, exchange: Exchange | None, met: Met, url: str) -> None:
        self._session, self._asked, self._exchange, self._url = session, asked, exchange, url
        http = only(HttpFault, met)
        self._speaker = next((one for one in http if one[1].instead), None)
        self._rewriting = [one for one in http if not one[1].instead]
        self._bytes = only(ByteFault, met)

    @property
    def speaks(self) -> bool:
        """Whether one of them answers instead of the upstream, which then hears nothing."""
        return self._speaker is not None

    @property
    def rewrites(self) -> bool:
        """Whether one of them changes what the upstream said, and so needs all of it."""
        return bool(self._rewriting)

    def links(self) -> Sequence[Link]:
        """The byte faults in the reply's way."""
        return [Link(position, fault.stream(self._session.dice(position, self._asked))) for position, fault in self._bytes]

    def instead(self) -> Reply | RawReply:
        """What the one says that speaks instead of the upstream, as the others change it."""
        assert self._speaker is not None
        assert self._exchange is not None
        reply = self.again(self._speaker)
        if isinstance(reply, Reply) and 300 <= reply.status < 400:
            self._session.redirecting[self._exchange] = self._speaker
        for one in self._rewriting:
            if isinstance(reply, Reply):
                reply = self._changed(reply, *one)
        return reply

    def again(self, speaker: tuple[int, HttpFault]) -> Reply | RawReply:
        """What a fault says that redirected here, or that speaks now."""
        position, fault = speaker
        reply = fault.reply(None, self._context(position))
        self._session.ledger.fault_fired_on(self._asked, position, fault)
        return with_cors(reply) if isinstance(reply, Reply) else reply

    def rewritten(self, head: Head, content: bytes, *, has_body: bool) -> tuple[Head, bytes] | RawReply:
        """The upstream's reply as they change it; headers that none of them touches stay as and where they are.

        Args:
            has_body: There may be one in reply to such a request.
        """
        before = Reply(head.status, {name.decode("latin-1"): value.decode("latin-1") for name, value in head.headers}, content)
        reply: Reply | RawReply = before
        for one in self._rewriting:
            if isinstance(reply, Reply):
                reply = self._changed(reply, *one)
        if isinstance(reply, RawReply):
            return reply
        return _head_after(head, before, reply, has_body=has_body), reply.body if has_body else b""

    def _changed(self, honest: Reply, position: int, fault: HttpFault) -> Reply | RawReply:
        reply = fault.reply(honest, self._context(position))
        if reply != honest:
            self._session.ledger.fault_fired_on(self._asked, position, fault)
        return reply

    def _context(self, position: int) -> HttpContext:
        session = self._session
        return HttpContext(self._url, session.clock.epoch_s(), session.dice(position, self._asked), session.endpoints)


def _head_after(head: Head, before: Reply, after: Reply, *, has_body: bool) -> Head:
    kept = [
        (name, value)
        for name, value in head.headers
        if name.decode("latin-1") in after.headers
        and after.headers[name.decode("latin-1")] == before.headers[name.decode("latin-1")]
        and name.lower() != b"transfer-encoding"
    ]
    if has_body:
        kept = [(name, value) for name, value in kept if name.lower() != b"content-length"]
        kept.append((b"Content-Length", str(len(after.body)).encode()))
    new = [
        (name.encode("latin-1"), value.encode("latin-1"))
        for name, value in after.headers.items()
        if before.headers.get(name) != value and name.lower() != "content-length"
    ]
    return Head(after.status, head.reason if after.status == head.status else b"", (*kept, *new))

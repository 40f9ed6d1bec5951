"""Counted wrong."""

from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written


@fault("bad_chunk")
class BadChunk(HttpFault):
    """The service's own reply arrives in chunks (RFC 9112, 7.1) that are wrong, and the connection is closed.

    The service does its work. A client must not take what it could read for the whole reply, and asks again.

    Attributes:
        kind: ``size`` (after the first half of the body comes a size that is no number), or ``no_end`` (the body is whole, but
            the last chunk, which says so, never comes).
    """

    examples: ClassVar[Examples] = ({"kind": "size"}, {"kind": "no_end"})

    instead: ClassVar[bool] = False

    kind: Literal["size", "no_end"] = "size"

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        half = len(honest.body) // 2
        first, second = chunk(honest.body[:half]), chunk(honest.body[half:])
        framed = {"Transfer-Encoding": "chunked"}
        if self.kind == "size":
            return RawReply(written(honest, context, framed, first + b"many\r\n" + second))
        return RawReply(written(honest, context, framed, first + second), holds=honest)

    def presents_as(self) -> Presentation:
        return Presentation.CORRUPTED if self.kind == "size" else Presentation.IRREGULAR


def chunk(data: bytes) -> bytes:
    """``data`` as one chunk; none for no data, which would end the body."""
    return b"%x\r\n%s\r\n" % (len(data), data) if data else b""

"""Packed, and not to be unpacked."""

import gzip
from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written

CHECKSUM_BYTES = 8
"""At the end of a gzip stream: a checksum and a length (RFC 1952, 2.2)."""


@fault("bad_gzip")
class BadGzip(HttpFault):
    """The service's own reply arrives under ``Content-Encoding: gzip`` and cannot be unpacked. Its length is right.

    The service does its work. It does not matter whether the client asked for gzip: a proxy packs what it likes.

    Attributes:
        kind: ``not_packed`` (the body is as it ever was), ``torn`` (the second half of the packed body is missing) or
            ``checksum`` (all of it unpacks, and the checksum at the end is wrong).
    """

    examples: ClassVar[Examples] = ({"kind": "not_packed"}, {"kind": "torn"}, {"kind": "checksum"})

    instead: ClassVar[bool] = False

    kind: Literal["not_packed", "torn", "checksum"] = "torn"

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        body = spoiled(self.kind, honest.body)
        fields = {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
        return RawReply(written(honest, context, fields, body), holds=None if self.kind == "torn" else honest)

    def presents_as(self) -> Presentation:
        return Presentation.CORRUPTED if self.kind == "torn" else Presentation.IRREGULAR


def spoiled(kind: str, body: bytes) -> bytes:
    """The body as it is sent. Packed at date zero, so that it is the same each time."""
    if kind == "not_packed":
        return body
    packed = gzip.compress(body, mtime=0)
    if kind == "torn":
        return packed[: len(packed) // 2]
    return packed[:-CHECKSUM_BYTES] + bytes(byte ^ 0xFF for byte in packed[-CHECKSUM_BYTES:])

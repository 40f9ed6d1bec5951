"""Small on the wire."""

import gzip
from dataclasses import replace
from functools import lru_cache
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.oversize_body import LARGEST, SMALLEST
from fake_servers.faults.http.written import written
from fake_servers.quantities import ByteCount


@fault("gzip_bomb")
class GzipBomb(HttpFault):
    """The service's own reply arrives packed by gzip, followed in the same stream by zero bytes: a thousand times its size.

    The service does its work, and its reply cannot be read. A client must bound what it unpacks, not only what it receives.

    Attributes:
        size: Bytes of the body once it is unpacked. About a thousandth of it crosses the wire.
    """

    examples: ClassVar[Examples] = ({"size": "8 MB"},)

    instead: ClassVar[bool] = False

    size: Annotated[ByteCount, Field(ge=SMALLEST, le=LARGEST)] = 8_000_000

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        body = packed(honest.body, self.size)
        fields = {"Content-Encoding": "gzip", "Content-Length": str(len(body))}
        held = replace(honest, body=honest.body.ljust(self.size, b"\0"))
        return RawReply(written(honest, context, fields, body), holds=held)

    def presents_as(self) -> Presentation:
        return Presentation.TOO_LARGE


@lru_cache(maxsize=4)
def packed(body: bytes, size: int) -> bytes:
    """The body with its zeros, packed at date zero, so that it is the same each time."""
    return gzip.compress(body.ljust(size, b"\0"), mtime=0)

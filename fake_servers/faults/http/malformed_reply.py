"""Not quite HTTP."""

from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault

# fmt: off
BYTES = {
    # a head that no version of HTTP begins with
    "status_line": b"LICENSE/0.9 maybe\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nok",
    # RFC 9112, 5: a field line is a name, a colon and a value
    "header":      b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nthis line has no colon\r\nContent-Length: 2\r\n\r\nok",
}
# fmt: on


@fault("malformed_reply")
class MalformedReply(HttpFault):
    """A reply that breaks the grammar of HTTP, then the connection is closed (FIN).

    The request never reaches the service, which does nothing. A client must not crash over it, and must not take the two bytes
    of the body for a license.

    Attributes:
        kind: ``status_line`` (its first line is no status line) or ``header`` (a header line without a colon).
    """

    examples: ClassVar[Examples] = ({"kind": "status_line"}, {"kind": "header"})

    kind: Literal["status_line", "header"] = "status_line"

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        return RawReply(BYTES[self.kind])

    def presents_as(self) -> Presentation:
        return Presentation.CORRUPTED

"""Until the end."""

from typing import ClassVar

from fake_servers.faults.base import HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written


@fault("missing_content_length")
class MissingContentLength(HttpFault):
    """The service's own reply arrives without ``Content-Length``: its body goes on until the connection is closed.

    The service does its work. HTTP allows it (RFC 9112, 6.3), and old servers and proxies do it: a client reads to the end, and
    has no total to show for its progress.
    """

    instead: ClassVar[bool] = False

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        return RawReply(written(honest, context, {}, honest.body), holds=honest)

    def presents_as(self) -> Presentation:
        return Presentation.HARMLESS

"""Nobody asked."""

from typing import ClassVar

from fake_servers.faults.base import HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written

TIMED_OUT = Reply(408, {"Content-Type": "text/plain; charset=utf-8"}, b"This connection was idle for too long.\n")


@fault("unsolicited_reply")
class UnsolicitedReply(HttpFault):
    """After the service's own reply comes another that answers no request, 408, and then the connection is closed (FIN).

    Load balancers end idle connections so. The service does its work. A client takes the first reply; the second belongs to
    nothing, least of all to the next request.
    """

    instead: ClassVar[bool] = False

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        kept = {"Connection": "keep-alive", "Content-Length": str(len(honest.body))}
        last = {"Connection": "close", "Content-Length": str(len(TIMED_OUT.body))}
        data = written(honest, context, kept, honest.body) + written(TIMED_OUT, context, last, TIMED_OUT.body)
        return RawReply(data, holds=honest)

    def presents_as(self) -> Presentation:
        return Presentation.IRREGULAR

"""One moment, please."""

from typing import ClassVar, Literal

from pydantic import Field

from fake_servers.engine.http_head import head_of
from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written


@fault("interim_flood")
class InterimFlood(HttpFault):
    """Before the service's own reply come interim replies (1xx), one after the other.

    HTTP allows any number of them (RFC 9110, 15.2). The service does its work. A client passes over them to the reply; one that
    counts may give up, and says that the reply could not be read.

    Attributes:
        status: 100 (go on), 102 (still at work) or 103 (early hints).
        count: How many of them.
    """

    examples: ClassVar[Examples] = ({"status": 103, "count": 200}, {"status": 100, "count": 1})

    instead: ClassVar[bool] = False

    status: Literal[100, 102, 103] = 103
    count: int = Field(default=200, ge=1, le=100_000)

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        fields = {"Connection": "keep-alive", "Content-Length": str(len(honest.body))}
        data = head_of(self.status, {}) * self.count + written(honest, context, fields, honest.body)
        return RawReply(data, holds=honest, keeps_open=True)

    def presents_as(self) -> Presentation:
        return Presentation.IRREGULAR

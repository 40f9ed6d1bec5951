"""Said twice."""

from typing import ClassVar

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written


@fault("duplicate_reply")
class DuplicateReply(HttpFault):
    """The service's own reply arrives more than once, on a connection that is kept.

    The service does its work, once. A client takes the first and may not use the connection again: whoever does may read the
    second as the answer to its next request.

    Attributes:
        times: How often the reply comes in all.
    """

    examples: ClassVar[Examples] = ({"times": 2},)

    instead: ClassVar[bool] = False

    times: int = Field(default=2, ge=2, le=100)

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        fields = {"Connection": "keep-alive", "Content-Length": str(len(honest.body))}
        return RawReply(written(honest, context, fields, honest.body) * self.times, holds=honest, keeps_open=True)

    def presents_as(self) -> Presentation:
        return Presentation.IRREGULAR

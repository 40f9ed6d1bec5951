"""A length that is none."""

from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written
from fake_servers.quantities import ByteCount


@fault("wrong_content_length")
class WrongContentLength(HttpFault):
    """The service's own reply arrives whole, under a ``Content-Length`` that is not its own, and the connection is closed.

    The service does its work. If the head announces more, the connection ends before all has come; if it announces less, the
    body is cut and what is over belongs to nothing. A client that takes HTTP at its word cannot use the reply, and asks again.

    Attributes:
        kind: ``more`` or ``less`` than there is.
        by: Bytes that are announced and never come, or that come and were never announced.
    """

    examples: ClassVar[Examples] = ({"kind": "more", "by": "10 bytes"}, {"kind": "less", "by": "10 bytes"})

    instead: ClassVar[bool] = False

    kind: Literal["more", "less"] = "more"
    by: Annotated[ByteCount, Field(ge=1)] = 10

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        size = len(honest.body)
        announced = size + self.by if self.kind == "more" else max(0, size - self.by)
        return RawReply(written(honest, context, {"Content-Length": str(announced)}, honest.body), holds=honest)

    def presents_as(self) -> Presentation:
        return Presentation.IRREGULAR

"""More than anyone asked for."""

from dataclasses import replace
from typing import Annotated, ClassVar

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault
from fake_servers.quantities import ByteCount

SMALLEST = 1_000_000
"""Less is no body that anybody would refuse for its size."""

LARGEST = 256_000_000
"""The body is made in memory; this much is enough to tell a client that bounds its reading from one that does not."""


@fault("oversize_body")
class OversizeBody(HttpFault):
    """The service's own reply is followed, in one body, by zero bytes up to ``size``: head and type honest, no end in sight.

    The service does its work, and its reply cannot be read. A client must bound what it reads, and stop long before the end.

    Attributes:
        size: Bytes of the whole body.
    """

    examples: ClassVar[Examples] = ({"size": "8 MB"},)

    instead: ClassVar[bool] = False

    size: Annotated[ByteCount, Field(ge=SMALLEST, le=LARGEST)] = 8_000_000

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        assert honest is not None  # since ``instead`` is False
        kept = {name: value for name, value in honest.headers.items() if name.lower() != "content-length"}
        return replace(honest, headers=kept, body=honest.body.ljust(self.size, b"\0"))

    def presents_as(self) -> Presentation:
        return Presentation.TOO_LARGE

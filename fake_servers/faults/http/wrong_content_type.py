"""The right body under the wrong name."""

from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault


@fault("wrong_content_type")
class WrongContentType(HttpFault):
    """The service's own reply arrives with another ``Content-Type``; the body is honest to the last byte.

    The service does its work. A client may accept the body all the same; one that refuses it says that the reply is
    unreadable, not that a license was refused.

    Attributes:
        content_type: What the header says instead.
    """

    examples: ClassVar[Examples] = ({"content_type": "text/html"},)

    instead: ClassVar[bool] = False

    content_type: str = Field(default="text/html", pattern=r"^[\w.+-]+/[\w.+-]+(; ?[\w-]+=[\w.+-]+)*$")

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        assert honest is not None  # since ``instead`` is False
        kept = {name: value for name, value in honest.headers.items() if name.lower() != "content-type"}
        return replace(honest, headers={**kept, "Content-Type": self.content_type})

    def presents_as(self) -> Presentation:
        return Presentation.NOT_A_LICENSE_REPLY

"""An error status instead of a reply."""

from http import HTTPStatus
from typing import ClassVar

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault

PHRASES = {known.value: known.phrase for known in HTTPStatus}

# 408 and 425 blame the moment, not the request: the same request may be sent again (RFC 9110, 15.5.9; RFC 8470, 5.2).
NOT_NOW = {408, 425, 503}


@fault("status")
class Status(HttpFault):
    """The front end answers with this HTTP status and a line of plain text.

    The request never reaches the service, which does nothing.

    Attributes:
        status: From 400 to 599.
    """

    examples: ClassVar[Examples] = ({"status": 500}, {"status": 503}, {"status": 429}, {"status": 403})

    status: int = Field(ge=400, le=599)

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        text = f"{self.status} {PHRASES.get(self.status, 'Error')}\n"
        return Reply(self.status, {"Content-Type": "text/plain; charset=utf-8"}, text.encode())

    def presents_as(self) -> Presentation:
        if self.status in NOT_NOW:
            return Presentation.UNAVAILABLE
        if self.status == 429:
            return Presentation.RATE_LIMITED
        return Presentation.REQUEST_REFUSED if self.status < 500 else Presentation.SERVER_ERROR

"""What day is it?"""

from dataclasses import replace
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from fake_servers.engine.http_date import http_date
from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, RawReply, Reply, fault
from fake_servers.faults.http.written import written
from fake_servers.quantities import Seconds


@fault("skewed_date")
class SkewedDate(HttpFault):
    """The service's own reply arrives with a ``Date`` that is wrong: the clock of a front end is ahead or behind.

    The service does its work, and nothing else is wrong. A client that sets its own clock by ``Date`` then takes a good license
    for an expired one, or counts a wait from a moment that never was.

    Attributes:
        direction: ``ahead`` of the world's date, or ``behind`` it.
        by: How far.
    """

    examples: ClassVar[Examples] = ({"direction": "ahead", "by": "400 d"}, {"direction": "behind", "by": "2 h"})

    instead: ClassVar[bool] = False

    direction: Literal["ahead", "behind"] = "ahead"
    by: Annotated[Seconds, Field(ge=1, le=1e9)] = 86_400.0

    @property
    def goes_by_date(self) -> bool:
        return True

    def reply(self, honest: Reply | None, context: HttpContext) -> RawReply:
        assert honest is not None  # since ``instead`` is False
        date = http_date(max(0.0, context.epoch_s + (self.by if self.direction == "ahead" else -self.by)))
        fields = {"Connection": "keep-alive", "Content-Length": str(len(honest.body)), "Date": date}
        held = replace(honest, headers={**honest.headers, "Date": date})
        return RawReply(written(honest, context, fields, honest.body), holds=held, keeps_open=True)

    def presents_as(self) -> Presentation:
        return Presentation.HARMLESS

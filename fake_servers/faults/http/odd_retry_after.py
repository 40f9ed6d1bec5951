"""Come back at no time that can be understood."""

from typing import ClassVar, Literal

from fake_servers.engine.http_date import http_date
from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault

AN_HOUR_S = 3600.0

# fmt: off
VALUES = {
    "zero":     "0",
    "negative": "-5",
    "fraction": "1.5",
    "huge":     "9" * 30,
    "junk":     "soon",
    "empty":    "",
}
# fmt: on


@fault("odd_retry_after")
class OddRetryAfter(HttpFault):
    """The front end answers 503 or 429 with a ``Retry-After`` that asks for no sensible pause.

    The request never reaches the service, which does nothing. A client must neither crash over it, nor come back at once
    without a pause of its own, nor wait for ever: what is no number of whole seconds and no date counts as absent.

    Attributes:
        status: 503 (unavailable) or 429 (too many requests).
        value: ``zero`` seconds, a date in the ``past``, ``negative``, a ``fraction``, ``huge`` (thirty digits), ``junk`` or
            ``empty``.
    """

    examples: ClassVar[Examples] = (
        {"status": 503, "value": "zero"},
        {"status": 429, "value": "past"},
        {"status": 503, "value": "negative"},
        {"status": 503, "value": "fraction"},
        {"status": 429, "value": "huge"},
        {"status": 503, "value": "junk"},
        {"status": 503, "value": "empty"},
    )

    status: Literal[503, 429] = 503
    value: Literal["zero", "past", "negative", "fraction", "huge", "junk", "empty"] = "zero"

    @property
    def goes_by_date(self) -> bool:
        return self.value == "past"

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        value = http_date(context.epoch_s - AN_HOUR_S) if self.value == "past" else VALUES[self.value]
        return Reply(self.status, {"Content-Type": "text/plain; charset=utf-8", "Retry-After": value}, b"Come back later.\n")

    def presents_as(self) -> Presentation:
        return Presentation.RATE_LIMITED if self.status == 429 else Presentation.UNAVAILABLE

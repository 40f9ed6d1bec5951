"""Come back later."""

import math
from typing import ClassVar, Literal

from fake_servers.engine.http_date import http_date
from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault
from fake_servers.quantities import Seconds


@fault("retry_after")
class RetryAfter(HttpFault):
    """The front end answers 503 or 429 and says in ``Retry-After`` when the client may come back (RFC 9110, 10.2.3).

    The request never reaches the service, which does nothing. Both forms of the header count whole seconds: what does not fit
    is rounded up, so that the client never comes too early.

    Attributes:
        status: 503 (unavailable) or 429 (too many requests).
        retry_after: How long the client is asked to stay away.
        form: ``seconds``, or ``date``: an HTTP-date made at the moment of serving.
    """

    examples: ClassVar[Examples] = (
        {"status": 503, "retry_after": "30 s", "form": "date"},
        {"status": 429, "retry_after": "2 s"},
    )

    status: Literal[503, 429] = 503
    retry_after: Seconds
    form: Literal["seconds", "date"] = "seconds"

    @property
    def goes_by_date(self) -> bool:
        return self.form == "date"

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        if self.form == "date":
            value = http_date(math.ceil(context.epoch_s + self.retry_after))
        else:
            value = str(math.ceil(self.retry_after))
        return Reply(self.status, {"Content-Type": "text/plain; charset=utf-8", "Retry-After": value}, b"Come back later.\n")

    def presents_as(self) -> Presentation:
        return Presentation.RATE_LIMITED if self.status == 429 else Presentation.UNAVAILABLE

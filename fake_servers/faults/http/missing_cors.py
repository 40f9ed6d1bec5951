"""A reply that a page may not read."""

from dataclasses import replace
from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault


@fault("missing_cors")
class MissingCors(HttpFault):
    """The service's own reply arrives without its ``Access-Control-*`` headers.

    A browser shows a page of another origin nothing of such a reply: the page can't tell it from a lost connection, though
    the service did its work. A client outside a browser reads it as if nothing were missing.

    Attributes:
        on: ``all`` replies, or ``errors`` only (status 400 and above, whoever says it): many front ends write their errors
            themselves and know nothing of pages.
    """

    examples: ClassVar[Examples] = ({},)

    instead: ClassVar[bool] = False

    on: Literal["all", "errors"] = "all"

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        assert honest is not None  # since ``instead`` is False
        if self.on == "errors" and honest.status < 400:
            return honest
        kept = {name: value for name, value in honest.headers.items() if not name.lower().startswith("access-control-")}
        return replace(honest, headers=kept)

    def presents_as(self) -> Presentation:
        return Presentation.CONNECTION_LOST

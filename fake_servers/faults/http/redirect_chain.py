"""A long way round."""

from typing import ClassVar, Literal

from pydantic import Field

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault
from fake_servers.faults.http.redirect_loop import hop_of, next_hop


@fault("redirect_chain")
class RedirectChain(HttpFault):
    """The request is redirected from address to address, and after so many hops the service itself answers.

    Whoever follows to the end gets the honest reply; whoever follows none, or not so many, has no reply at all, and the service
    has done nothing.

    Attributes:
        hops: Redirects before the service answers.
        status: 307 and 308 keep the method and the body, so that the request arrives whole.
    """

    examples: ClassVar[Examples] = ({"hops": 3, "status": 307}, {"hops": 7, "status": 308})

    hops: int = Field(default=3, ge=1, le=100)
    status: Literal[307, 308] = 307

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        return Reply(self.status, {"Location": next_hop(context.url)}, b"")

    def leads_home(self, url: str) -> bool:
        return hop_of(url) >= self.hops

    def presents_as(self) -> Presentation:
        return Presentation.REDIRECTED

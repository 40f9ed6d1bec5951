"""Ask somebody else."""

from collections.abc import Iterable
from typing import ClassVar, Literal
from urllib.parse import urlsplit

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault
from fake_servers.faults.http.redirect_loop import next_hop


@fault("cross_origin_redirect")
class CrossOriginRedirect(HttpFault):
    """The request is redirected to another origin, where nobody has anything for it (status 404).

    The request never reaches the service, which does nothing. A license request names the device and may carry credentials: a
    careful client does not send it to whomever a redirect names. Here that is another service of the same session, so that it
    shows who followed.

    Attributes:
        status: 307 and 308 keep the method and the body; 303 asks for GET; 301 and 302 leave it to the client.
    """

    examples: ClassVar[Examples] = ({"status": 307},)

    status: Literal[301, 302, 303, 307, 308] = 307

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        return Reply(self.status, {"Location": next_hop(elsewhere(context.url, context.endpoints.values()))}, b"")

    def presents_as(self) -> Presentation:
        return Presentation.REDIRECTED


def elsewhere(url: str, endpoints: Iterable[str]) -> str:
    """An endpoint of another origin; where all share one port, the same address under another name of this machine."""
    here = urlsplit(url)
    others = (other for other in endpoints if urlsplit(other).netloc != here.netloc)
    name = "localhost" if here.hostname != "localhost" else "127.0.0.1"
    return next(others, here._replace(netloc=name if here.port is None else f"{name}:{here.port}").geturl())

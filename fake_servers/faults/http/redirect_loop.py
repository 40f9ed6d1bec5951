"""Round and round."""

from typing import ClassVar, Literal
from urllib.parse import parse_qsl, urlencode, urlsplit

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault


@fault("redirect_loop")
class RedirectLoop(HttpFault):
    """Every request is redirected to the same address with a higher number in its query (``hop=1``, ``hop=2`` …), without end.

    No two addresses are equal, so a client that only remembers where it has been follows for ever: it must count. The request
    never reaches the service, which does nothing.

    Attributes:
        status: 307 and 308 keep the method and the body; 303 asks for GET; 301 and 302 leave it to the client.
    """

    examples: ClassVar[Examples] = ({"status": 307},)

    status: Literal[301, 302, 303, 307, 308] = 307

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        return Reply(self.status, {"Location": next_hop(context.url)}, b"")

    def presents_as(self) -> Presentation:
        return Presentation.REDIRECTED


def hop_of(url: str) -> int:
    """Which hop of a redirect this address is, by its query; 0 for the first address of all."""
    hops = [value for name, value in parse_qsl(urlsplit(url).query, keep_blank_values=True) if name == "hop"]
    return int(hops[-1]) if hops and hops[-1].isdecimal() else 0


def next_hop(url: str) -> str:
    """``url`` with ``hop`` in its query counted up by one, starting at 1."""
    parts = urlsplit(url)
    kept = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name != "hop"]
    return parts._replace(query=urlencode([*kept, ("hop", str(hop_of(url) + 1))])).geturl()

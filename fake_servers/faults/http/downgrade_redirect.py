"""Never mind the lock."""

from typing import ClassVar, Literal
from urllib.parse import urlsplit

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault
from fake_servers.faults.http.redirect_loop import next_hop


@fault("downgrade_redirect")
class DowngradeRedirect(HttpFault):
    """Over HTTPS, the request is redirected to the same address in plain HTTP.

    The request never reaches the service, which does nothing. Whoever follows sends in the clear what was meant for TLS: a
    client must refuse. The port still speaks TLS only, so that an attempt to follow shows as a handshake that failed.

    Attributes:
        status: 307 and 308 keep the method and the body; 303 asks for GET; 301 and 302 leave it to the client.
    """

    examples: ClassVar[Examples] = ({"status": 307},)
    needs_tls: ClassVar[bool] = True

    status: Literal[301, 302, 303, 307, 308] = 307

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        return Reply(self.status, {"Location": next_hop(urlsplit(context.url)._replace(scheme="http").geturl())}, b"")

    def presents_as(self) -> Presentation:
        return Presentation.REDIRECTED

"""Sign in first."""

from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HttpContext, HttpFault, Presentation, Reply, fault

# fmt: off
BY_STATUS = {
    401: ("WWW-Authenticate",   "The server wants to know who asks."),
    407: ("Proxy-Authenticate", "The proxy wants to know who asks."),
}
# fmt: on


@fault("challenge")
class Challenge(HttpFault):
    """Somebody on the way wants a user name and a password first: an office's proxy (407), or a front end (401).

    The request never reaches the service, which does nothing. A DRM client has no such password: it says so, and does not try
    again by itself. A browser shows a page nothing of a 407 that no proxy of its own has sent.

    Attributes:
        status: 401 with ``WWW-Authenticate``, or 407 with ``Proxy-Authenticate`` (RFC 9110, 11).
    """

    examples: ClassVar[Examples] = ({"status": 407}, {"status": 401})

    status: Literal[401, 407] = 407

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        header, text = BY_STATUS[self.status]
        return Reply(
            self.status, {"Content-Type": "text/plain; charset=utf-8", header: 'Basic realm="office"'}, f"{text}\n".encode()
        )

    def presents_as(self) -> Presentation:
        return Presentation.LOGIN_REQUIRED

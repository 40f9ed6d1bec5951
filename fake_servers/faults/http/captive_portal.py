"""The hotel's network answers."""

from fake_servers.faults.base import HttpContext, HttpFault, Presentation, Reply, fault

PAGE = b"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Guest network</title></head>
<body><h1>Welcome</h1><p>Please sign in to use this network.</p>
<form method="post" action="/login"><label>Room <input name="room"></label> <button>Sign in</button></form>
</body></html>
"""


@fault("captive_portal")
class CaptivePortal(HttpFault):
    """A captive portal answers in the service's name: status 200 and a login page in HTML.

    All is well by the status, and nothing of it is a license reply. The request never reaches the service, which does nothing.
    """

    def reply(self, honest: Reply | None, context: HttpContext) -> Reply:
        return Reply(200, {"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}, PAGE)

    def presents_as(self) -> Presentation:
        return Presentation.NOT_A_LICENSE_REPLY

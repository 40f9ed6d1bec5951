"""Who may ask the control API at all.

On this machine alone, everybody here may, but no web page that somebody has open: it could only come under another name (its
own server's, made to mean this machine) or with another origin. From elsewhere, whoever has the token.
"""

from __future__ import annotations

import hmac
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from fake_servers.control.problem import Problem

SCHEME = "Bearer"


class Guard:
    """Lets callers through, or not.

    Args:
        token: What callers have to show; None: they come from this machine alone, and need none.
    """

    def __init__(self, token: str | None) -> None:
        self._token = token

    @property
    def wants_token(self) -> bool:
        return self._token is not None

    def check_page(self, headers: Mapping[str, str]) -> None:
        """Refuse web pages that came from elsewhere.

        Raises:
            Problem: It may be one.
        """
        host = headers.get("Host", "")
        if not self.wants_token and not _is_this_machine(host):
            to_do = "call it 127.0.0.1 or localhost, as its address was told; through a tunnel, too"
            raise Problem("wrong-host", f"the Host is {host[:80]!r}", to_do)
        origin = headers.get("Origin")
        if origin is not None and urlsplit(origin).netloc != host:
            to_do = "ask from a program: curl, your tests, or the page's own server"
            raise Problem("foreign-page", f"the Origin is {origin[:80]!r}", to_do)

    def check_token(self, headers: Mapping[str, str]) -> None:
        """Refuse callers without the token, if one is needed.

        Raises:
            Problem: It is not there, or another one.
        """
        if self._token is None:
            return
        scheme, _, given = headers.get("Authorization", "").partition(" ")
        if scheme.lower() != SCHEME.lower():
            detail = "there is no Authorization header of the kind Bearer"
        elif not hmac.compare_digest(given.strip().encode("utf-8", "surrogateescape"), self._token.encode()):
            detail = "the token is another one"
        else:
            return
        to_do = "send Authorization: Bearer and the token that was shown when the service started"
        raise Problem("no-token", detail, to_do, headers={"WWW-Authenticate": f'{SCHEME} realm="drm-harness"'})


def _is_this_machine(host: str) -> bool:
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return not host  # HTTP/1.0 needs none, and a browser always sends one

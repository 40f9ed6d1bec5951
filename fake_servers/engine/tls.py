"""What servers show in a handshake: the stored certificates, good ones and those that a client must refuse."""

from __future__ import annotations

import ssl
from functools import cache

from fake_servers.engine.certificates import FOLDER, HOSTS
from fake_servers.errors import ListenError
from fake_servers.faults.base import HandshakePlan


class Authority:
    """The test authority, and the contexts of servers that it vouches for, or does not."""

    def __init__(self) -> None:
        self.ca_pem = (FOLDER / "ca.pem").read_bytes()
        self._contexts: dict[str, ssl.SSLContext] = {}

    def context(self, plan: HandshakePlan | None, host: str) -> ssl.SSLContext:
        """A server's context for ``host``: with a good certificate, or with the bad one that ``plan`` names.

        Raises:
            ListenError: The good certificate does not name ``host``.
        """
        if not is_certified(host):
            raise ListenError(
                f"there is no certificate for {host}: services that speak TLS are at 127.0.0.1, ::1 or localhost "
                "(or a name right below it, such as s1.localhost)"
            )
        file = "good" if plan is None else plan.value
        if file not in self._contexts:
            self._contexts[file] = _server_context(file)
        return self._contexts[file]


def is_certified(host: str) -> bool:
    """Whether the good certificate names the host."""
    above = host.lower().partition(".")[2]
    return host.lower() in HOSTS or f"*.{above}" in HOSTS


def _server_context(file: str) -> ssl.SSLContext:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    # A ticket holds numbers drawn at random, some shorter than others, and only its padding hides that. Without tickets, the
    # same run is the same number of bytes; clients that resume a session do not come here.
    context.num_tickets = 0
    context.load_cert_chain(FOLDER / f"{file}.pem")
    return context


@cache
def process_authority() -> Authority:
    """The authority of this process, read when first asked for."""
    return Authority()

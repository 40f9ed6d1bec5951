"""What servers show in a handshake: the stored certificates, good ones and those that a client must refuse."""

from __future__ import annotations

import ssl
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path

from fake_servers.engine.certificates import FOLDER, HOSTS
from fake_servers.errors import ListenError
from fake_servers.faults.base import Flight, HandshakePlan, HandshakeStall


class Authority:
    """An authority, and the contexts of servers that it vouches for, or does not; by default the stored test authority.

    Args:
        folder: Where ``ca.pem`` and the servers' certificates are.
        certifies: Whether the good certificate names a host.

    Attributes:
        ca_pem: What a client has to trust; empty if it trusts the certificates anyway.
    """

    def __init__(self, folder: Path = FOLDER, certifies: Callable[[str], bool] | None = None) -> None:
        self.ca_pem = (folder / "ca.pem").read_bytes()
        self._folder = folder
        self._certifies = certifies or is_certified
        self._contexts: dict[tuple[str, ssl.TLSVersion], ssl.SSLContext] = {}

    def context(self, plan: HandshakePlan | HandshakeStall | None, host: str) -> ssl.SSLContext:
        """A server's context for ``host``: with a good certificate, or with the bad one or the old versions that ``plan`` asks.

        Raises:
            ListenError: The good certificate does not name ``host``.
        """
        if not self._certifies(host):
            raise ListenError(
                f"there is no certificate for {host}: services that speak TLS are at 127.0.0.1, ::1 or localhost "
                "(or a name right below it, such as s1.localhost)"
            )
        file = plan.value if isinstance(plan, HandshakePlan) and plan is not HandshakePlan.OLD_PROTOCOL else "good"
        newest = newest_version(plan)
        if (file, newest) not in self._contexts:
            self._contexts[file, newest] = server_context(self._folder / f"{file}.pem", newest=newest)
        return self._contexts[file, newest]


class OwnCertificate(Authority):
    """A certificate of the user's own, for whatever host it names; only a stranger's can be shown instead.

    Args:
        certificate: PEM, with what stands between it and its authority.
        key: PEM, without a password.

    Raises:
        ListenError: They cannot be read, or do not belong together.
    """

    def __init__(self, certificate: Path, key: Path) -> None:
        self.ca_pem = b""
        self._stranger = Authority()
        self._files = certificate, key
        self._contexts = {}
        try:
            self._contexts["good", newest_version(None)] = server_context(certificate, key)
        except (OSError, ValueError) as error:  # ssl.SSLError is an OSError, a wanted password a ValueError
            why = getattr(error, "reason", None) or getattr(error, "strerror", None) or str(error)
            raise ListenError(
                f"{certificate} and {key} are no certificate with its key: {str(why).lower().replace('_', ' ')}; "
                "give two PEM files that belong together, the key without a password"
            ) from error

    def context(self, plan: HandshakePlan | HandshakeStall | None, host: str) -> ssl.SSLContext:
        """The user's certificate, or a stranger's.

        Raises:
            ListenError: The plan asks for a bad certificate that only the authority itself could make.
        """
        if plan in (None, HandshakePlan.OLD_PROTOCOL) or isinstance(plan, HandshakeStall):
            newest = newest_version(plan)
            if ("good", newest) not in self._contexts:
                self._contexts["good", newest] = server_context(*self._files, newest=newest)
            return self._contexts["good", newest]
        if plan is HandshakePlan.UNKNOWN_CA:
            return self._stranger.context(plan, "127.0.0.1")
        raise ListenError(
            f"the fault {plan.value!r} needs a bad certificate from the authority that clients trust; with a certificate of "
            "your own there is only 'unknown_ca': leave --tls-cert out, and trust the harness' own test authority"
        )


def is_certified(host: str) -> bool:
    """Whether the good certificate names the host."""
    above = host.lower().partition(".")[2]
    return host.lower() in HOSTS or f"*.{above}" in HOSTS


def newest_version(plan: HandshakePlan | HandshakeStall | None) -> ssl.TLSVersion:
    """The newest version of TLS that a server speaks."""
    if plan is HandshakePlan.OLD_PROTOCOL:
        return ssl.TLSVersion.TLSv1_1
    if isinstance(plan, HandshakeStall) and plan.before is Flight.FINISHED:
        return ssl.TLSVersion.TLSv1_2
    return ssl.TLSVersion.TLSv1_3


def server_context(
    certificate: Path, key: Path | None = None, *, newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3
) -> ssl.SSLContext:
    """A server's context; ``key`` is in the same file by default."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.set_alpn_protocols(["http/1.1"])
    # A ticket holds numbers drawn at random, some shorter than others, and only its padding hides that. Without tickets, the
    # same run is the same number of bytes; clients that resume a session do not come here.
    context.num_tickets = 0
    context.options |= ssl.OP_NO_TICKET  # the same, up to TLS 1.2
    if newest is ssl.TLSVersion.TLSv1_1:
        _speak_old_versions(context)
    else:
        context.maximum_version = newest
    context.load_cert_chain(certificate, key, password="")  # an empty password, so that nobody is asked for one at a terminal
    return context


def _speak_old_versions(context: ssl.SSLContext) -> None:
    context.set_ciphers("DEFAULT:@SECLEVEL=0")  # OpenSSL has them at no higher level
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # they are deprecated, which is the point
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1


@cache
def process_authority() -> Authority:
    """The authority of this process, read when first asked for."""
    return Authority()

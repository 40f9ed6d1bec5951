"""Test certificates: good ones, and those that a client must refuse.

Keys are RSA, not trustme's usual ECDSA: an RSA signature has the same length every time, so that two runs put the same number
of bytes on the wire. Making a key takes a fair part of a second, so everything here is made once and only when asked for.
"""

from __future__ import annotations

import ssl
from datetime import UTC, datetime
from functools import cache

import trustme

from fake_servers.faults.base import HandshakePlan

LOCAL_NAMES = ("127.0.0.1", "::1", "localhost", "*.localhost")
WRONG_NAME = "wrong.invalid"  # RFC 6761, 6.4: no host can have it
EXPIRED_ON = datetime(2021, 1, 1, tzinfo=UTC)


class Authority:
    """A certificate authority of our own, and the contexts of servers that it vouches for, or does not."""

    def __init__(self) -> None:
        self._ca = trustme.CA(organization_name="drm-harness test authority", key_type=trustme.KeyType.RSA)
        self._contexts: dict[tuple[HandshakePlan | None, str], ssl.SSLContext] = {}

    @property
    def ca_pem(self) -> bytes:
        """What a client has to trust."""
        return self._ca.cert_pem.bytes()

    def context(self, plan: HandshakePlan | None, host: str) -> ssl.SSLContext:
        """A server's context for ``host``: with a good certificate, or with the bad one that ``plan`` names."""
        key = (plan, host)
        if key not in self._contexts:
            context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
            context.set_alpn_protocols(["http/1.1"])
            self._certificate(plan, host).configure_cert(context)
            self._contexts[key] = context
        return self._contexts[key]

    def _certificate(self, plan: HandshakePlan | None, host: str) -> trustme.LeafCert:
        names = list(dict.fromkeys((host, *LOCAL_NAMES)))
        rsa = trustme.KeyType.RSA
        match plan:
            case HandshakePlan.UNKNOWN_CA:
                stranger = trustme.CA(organization_name="nobody trusts this one", key_type=rsa)
                return stranger.issue_cert(*names, key_type=rsa)
            case HandshakePlan.WRONG_HOST:
                return self._ca.issue_cert(WRONG_NAME, key_type=rsa)
            case HandshakePlan.EXPIRED:
                return self._ca.issue_cert(*names, not_after=EXPIRED_ON, key_type=rsa)
            case _:
                return self._ca.issue_cert(*names, key_type=rsa)


@cache
def process_authority() -> Authority:
    """The authority of this process, made when first asked for."""
    return Authority()

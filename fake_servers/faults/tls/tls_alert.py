"""The server says no before it says hello."""

from typing import ClassVar, Literal

from fake_servers.faults.base import Examples, HandshakeAlert, Presentation, TlsFault, fault

# fmt: off
ALERTS: dict[str, int] = {  # RFC 8446, appendix B.2
    "handshake_failure": 40,
    "access_denied":     49,
    "protocol_version":  70,
    "internal_error":    80,
    "unrecognized_name": 112,
}
# fmt: on


@fault("tls_alert")
class TlsAlert(TlsFault):
    """A fatal alert answers the client's hello; then the connection is closed in order.

    No request was sent, so the service does nothing. Each alert is somebody's real trouble: no cipher in common
    (``handshake_failure``), a firewall's rule (``access_denied``), versions (``protocol_version``), a server without its
    certificate (``internal_error``), a balancer that does not know the name (``unrecognized_name``).

    Attributes:
        alert: Which one, by its name in RFC 8446.
    """

    examples: ClassVar[Examples] = ({"alert": "handshake_failure"}, {"alert": "unrecognized_name"})

    alert: Literal["handshake_failure", "access_denied", "protocol_version", "internal_error", "unrecognized_name"] = (
        "handshake_failure"
    )

    def handshake(self) -> HandshakeAlert:
        return HandshakeAlert(ALERTS[self.alert])

    def presents_as(self) -> Presentation:
        return Presentation.HANDSHAKE_BROKEN

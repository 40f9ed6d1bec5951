"""A server from before 2008."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("old_protocol")
class OldProtocol(TlsFault):
    """The server speaks TLS 1.0 and 1.1 only, which nobody should any more (RFC 8996).

    A client that asks for TLS 1.2 or newer gets the alert ``protocol_version`` and sends no request, so the service does
    nothing. One that still speaks the old versions is served over them.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.OLD_PROTOCOL

    def presents_as(self) -> Presentation:
        return Presentation.HANDSHAKE_BROKEN

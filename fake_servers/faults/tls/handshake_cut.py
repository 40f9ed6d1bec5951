"""The handshake breaks in its middle."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("handshake_cut")
class HandshakeCut(TlsFault):
    """The connection is reset (RST) after the client's first flight of the handshake.

    The client has said hello and meets a reset instead of the server's hello. No request was sent, so the service does
    nothing.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.CUT

    def presents_as(self) -> Presentation:
        return Presentation.HANDSHAKE_BROKEN

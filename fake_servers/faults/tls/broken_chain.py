"""A chain with a link missing."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("broken_chain")
class BrokenChain(TlsFault):
    """The certificate is in order, but the one of the authority between it and the trusted root is not sent along.

    The usual slip of whoever renews a certificate by hand. Browsers that remember or fetch the missing link hide it; a client
    without such help breaks off the handshake and sends no request, so the service does nothing.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.BROKEN_CHAIN

    def presents_as(self) -> Presentation:
        return Presentation.UNTRUSTED_CERTIFICATE

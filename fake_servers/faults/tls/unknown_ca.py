"""A certificate that nobody vouches for."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("unknown_ca")
class UnknownCa(TlsFault):
    """The certificate is in order, but signed by an authority that the client was not told to trust.

    A client that verifies breaks off the handshake and sends no request, so the service does nothing. Going on all the same
    would hand the request to whoever stands in between.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.UNKNOWN_CA

    def presents_as(self) -> Presentation:
        return Presentation.UNTRUSTED_CERTIFICATE

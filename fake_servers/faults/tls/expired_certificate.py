"""Yesterday's certificate."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("expired_certificate")
class ExpiredCertificate(TlsFault):
    """The certificate comes from the trusted authority, names the right host and is no longer valid.

    A client that verifies breaks off the handshake and sends no request, so the service does nothing. A device whose clock is
    wrong meets the same.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.EXPIRED

    def presents_as(self) -> Presentation:
        return Presentation.UNTRUSTED_CERTIFICATE

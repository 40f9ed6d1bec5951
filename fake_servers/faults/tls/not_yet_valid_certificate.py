"""Tomorrow's certificate."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("not_yet_valid_certificate")
class NotYetValidCertificate(TlsFault):
    """The certificate comes from the trusted authority, names the right host and is not valid yet.

    A client that verifies breaks off the handshake and sends no request, so the service does nothing. A device that starts
    with its clock in 1970 meets the same with every certificate there is.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.NOT_YET_VALID

    def presents_as(self) -> Presentation:
        return Presentation.UNTRUSTED_CERTIFICATE

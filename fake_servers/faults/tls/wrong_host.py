"""A good certificate for somebody else."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("wrong_host")
class WrongHost(TlsFault):
    """The certificate comes from the trusted authority and names another host.

    A client that verifies names breaks off the handshake and sends no request, so the service does nothing.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.WRONG_HOST

    def presents_as(self) -> Presentation:
        return Presentation.UNTRUSTED_CERTIFICATE

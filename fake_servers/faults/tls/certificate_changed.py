"""Another certificate than the last time."""

from fake_servers.faults.base import HandshakePlan, Presentation, TlsFault, fault


@fault("certificate_changed")
class CertificateChanged(TlsFault):
    """The certificate is another one than before, with another key, and just as good: nothing is wrong.

    It was renewed between two tries, or another machine of the pool answers. The authority, not the key, is what a client was
    told to trust: it goes on, and the service does its work. One that remembers the key of its first try locks itself out.
    """

    def handshake(self) -> HandshakePlan:
        return HandshakePlan.RENEWED

    def presents_as(self) -> Presentation:
        return Presentation.HARMLESS

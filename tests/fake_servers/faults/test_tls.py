"""TLS faults: what the client meets in the handshake, on both networks."""

import pytest

from fake_servers.faults.base import (
    BOTH_NETWORKS,
    Flight,
    Handshake,
    HandshakeAlert,
    HandshakePlan,
    HandshakeStall,
    Presentation,
    TlsFault,
)
from fake_servers.faults.tls import (
    BrokenChain,
    CertificateChanged,
    ExpiredCertificate,
    HandshakeCut,
    HandshakeStalls,
    NotYetValidCertificate,
    OldProtocol,
    TlsAlert,
    UnknownCa,
    WrongHost,
)


@pytest.mark.parametrize(
    ("fault", "plan", "presentation"),
    [
        (UnknownCa(), HandshakePlan.UNKNOWN_CA, Presentation.UNTRUSTED_CERTIFICATE),
        (WrongHost(), HandshakePlan.WRONG_HOST, Presentation.UNTRUSTED_CERTIFICATE),
        (ExpiredCertificate(), HandshakePlan.EXPIRED, Presentation.UNTRUSTED_CERTIFICATE),
        (NotYetValidCertificate(), HandshakePlan.NOT_YET_VALID, Presentation.UNTRUSTED_CERTIFICATE),
        (BrokenChain(), HandshakePlan.BROKEN_CHAIN, Presentation.UNTRUSTED_CERTIFICATE),
        (CertificateChanged(), HandshakePlan.RENEWED, Presentation.HARMLESS),
        (OldProtocol(), HandshakePlan.OLD_PROTOCOL, Presentation.HANDSHAKE_BROKEN),
        (HandshakeCut(), HandshakePlan.CUT, Presentation.HANDSHAKE_BROKEN),
        (TlsAlert(alert="internal_error"), HandshakeAlert(80), Presentation.HANDSHAKE_BROKEN),
        (HandshakeStalls(stall="2 s"), HandshakeStall(Flight.HELLO, 2.0), Presentation.SLOW),
        (HandshakeStalls(before="finished", stall="1 min"), HandshakeStall(Flight.FINISHED, 60.0), Presentation.SILENCE),
    ],
)
def test_a_tls_fault_plans_one_handshake(fault: TlsFault, plan: Handshake, presentation: Presentation) -> None:
    assert (fault.handshake(), fault.presents_as(), fault.reach) == (plan, presentation, BOTH_NETWORKS)

"""TLS faults: what the client meets in the handshake, on both networks."""

import pytest

from fake_servers.faults.base import BOTH_NETWORKS, HandshakePlan, Presentation, TlsFault
from fake_servers.faults.tls import ExpiredCertificate, HandshakeCut, UnknownCa, WrongHost


@pytest.mark.parametrize(
    ("fault", "plan", "presentation"),
    [
        (UnknownCa(), HandshakePlan.UNKNOWN_CA, Presentation.UNTRUSTED_CERTIFICATE),
        (WrongHost(), HandshakePlan.WRONG_HOST, Presentation.UNTRUSTED_CERTIFICATE),
        (ExpiredCertificate(), HandshakePlan.EXPIRED, Presentation.UNTRUSTED_CERTIFICATE),
        (HandshakeCut(), HandshakePlan.CUT, Presentation.HANDSHAKE_BROKEN),
    ],
)
def test_a_tls_fault_plans_one_handshake(fault: TlsFault, plan: HandshakePlan, presentation: Presentation) -> None:
    assert (fault.handshake(), fault.presents_as(), fault.reach) == (plan, presentation, BOTH_NETWORKS)

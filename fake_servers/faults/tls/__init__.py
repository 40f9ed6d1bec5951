"""Faults of the TLS handshake. But for the harmless ones, the service never sees a request."""

from fake_servers.faults.tls.broken_chain import BrokenChain
from fake_servers.faults.tls.certificate_changed import CertificateChanged
from fake_servers.faults.tls.expired_certificate import ExpiredCertificate
from fake_servers.faults.tls.handshake_cut import HandshakeCut
from fake_servers.faults.tls.handshake_stall import HandshakeStalls
from fake_servers.faults.tls.not_yet_valid_certificate import NotYetValidCertificate
from fake_servers.faults.tls.old_protocol import OldProtocol
from fake_servers.faults.tls.tls_alert import TlsAlert
from fake_servers.faults.tls.unknown_ca import UnknownCa
from fake_servers.faults.tls.wrong_host import WrongHost

__all__ = [
    "BrokenChain",
    "CertificateChanged",
    "ExpiredCertificate",
    "HandshakeCut",
    "HandshakeStalls",
    "NotYetValidCertificate",
    "OldProtocol",
    "TlsAlert",
    "UnknownCa",
    "WrongHost",
]

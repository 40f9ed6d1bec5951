"""Faults of the TLS handshake. The service never sees a request."""

from fake_servers.faults.tls.expired_certificate import ExpiredCertificate
from fake_servers.faults.tls.handshake_cut import HandshakeCut
from fake_servers.faults.tls.unknown_ca import UnknownCa
from fake_servers.faults.tls.wrong_host import WrongHost

__all__ = ["ExpiredCertificate", "HandshakeCut", "UnknownCa", "WrongHost"]

"""expired_certificate: the certificate's time is over."""

import ssl

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

HAS_EXPIRED = 10  # X509_V_ERR_CERT_HAS_EXPIRED


@with_or_without
def test_a_client_that_verifies_finds_the_certificate_expired(with_fault: bool) -> None:
    with serving(*[early_line("expired_certificate")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLCertVerificationError) as refused:
                ask_clearkey(served)
            assert refused.value.verify_code == HAS_EXPIRED
        assert ask_clearkey(served).status == 200

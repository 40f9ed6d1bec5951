"""unknown_ca: the certificate's authority is a stranger."""

import ssl

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

UNABLE_TO_GET_ISSUER = 20  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY


@with_or_without
def test_a_client_that_verifies_finds_nobody_who_vouches_for_the_certificate(with_fault: bool) -> None:
    with serving(*[early_line("unknown_ca")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLCertVerificationError) as refused:
                ask_clearkey(served)
            assert refused.value.verify_code == UNABLE_TO_GET_ISSUER
        assert ask_clearkey(served).status == 200

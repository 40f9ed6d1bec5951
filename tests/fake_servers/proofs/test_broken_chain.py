"""broken_chain: nobody can tell who vouches for the certificate."""

import ssl

import pytest

from tests.fake_servers.proofs.requests import ask_clearkey
from tests.fake_servers.proofs.serving import early_line, serving, with_or_without

NO_ISSUER = 20  # X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY


@with_or_without
def test_a_client_that_verifies_is_told_why_by_its_own_tls(with_fault: bool) -> None:
    with serving(*[early_line("broken_chain")] if with_fault else (), tls=True) as served:
        if with_fault:
            with pytest.raises(ssl.SSLCertVerificationError) as refused:
                ask_clearkey(served)
            assert refused.value.verify_code == NO_ISSUER
        assert ask_clearkey(served).status == 200
